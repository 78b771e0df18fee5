import { RatebookError } from '../../../errors/error.js';
import { accountName } from '../accounts/account.js';
import { usageNotFound } from './cancel-usage.js';
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

/** Whoever reads this is not to record it again. */
function notRatedYet({ account, usageId, reason, message: why }: UnpricedUsage): RatebookError {
  const message = `"${usageId}" of ${accountName(account)} is recorded and has no rating yet; RetryUnpriced rates it once it has a price. It waits because: ${why}`;
  const metadata = { account, usage_id: usageId, waits_for: reason };
  return new RatebookError('USAGE_NOT_FOUND', message, { metadata });
}
