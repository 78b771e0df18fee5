import { RatebookError } from '../../../errors/error.js';
import { accountName } from '../accounts/account.js';
import type { RecordingPorts } from './ports.js';
import { type UsageKey, findUnpriced, ratingsOf, usageKey } from './rating-store.js';
import type { Rating, UnpricedUsage } from './usage.js';

/** The rating of a use and what corrected it, in their order. Throws USAGE_NOT_FOUND, also while it waits for a price. */
export async function getRating(
  key: UsageKey,
  { store }: Pick<RecordingPorts, 'store'>,
): Promise<readonly Rating[]> {
  const ratings = await ratingsOf(store, key);
  if (ratings.length > 0) return ratings;
  const waiting = (await findUnpriced(store, [key])).get(usageKey(key));
  throw waiting === undefined ? usageNotFound(key) : notRatedYet(waiting);
}

/** One of the ratings of a use. Throws USAGE_NOT_FOUND. */
export function numbered(ratings: readonly Rating[], number: number): Rating {
  const found = ratings.find((one) => one.number === number);
  if (found !== undefined) return found;
  const [first] = ratings;
  const message = `"${first?.usageId ?? ''}" has ratings 1 to ${ratings.length} and none with the number ${number}.`;
  throw new RatebookError('USAGE_NOT_FOUND', message);
}

/** Whoever reads this is not to record it again. */
function notRatedYet({ account, usageId, reason, message: why }: UnpricedUsage): RatebookError {
  const message = `"${usageId}" of ${accountName(account)} is recorded and has no rating yet; RetryUnpriced rates it once it has a price. It waits because: ${why}`;
  const metadata = { account, usage_id: usageId, waits_for: reason };
  return new RatebookError('USAGE_NOT_FOUND', message, { metadata });
}

export function usageNotFound({ account, usageId }: UsageKey): RatebookError {
  const message = `Nothing is recorded as "${usageId}" of ${accountName(account)}; look at the id, or record it first.`;
  return new RatebookError('USAGE_NOT_FOUND', message, { metadata: { account, usage_id: usageId } });
}
