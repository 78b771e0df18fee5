import { usageNotFound } from '../corrections/cancel-usage.js';
import type { RecordingPorts } from './ports.js';
import { type UsageKey, ratingsOf } from './rating-store.js';
import type { Rating } from './usage.js';

/** The rating of a use and what corrected it, in their order. Throws USAGE_NOT_FOUND, also while it waits for a price. */
export async function getRating(
  key: UsageKey,
  { store }: Pick<RecordingPorts, 'store'>,
): Promise<readonly Rating[]> {
  const ratings = await ratingsOf(store, key);
  if (ratings.length === 0) throw usageNotFound(key);
  return ratings;
}
