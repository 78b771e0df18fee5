import { isDeepStrictEqual } from 'node:util';
import type { RecordingPorts } from './ports.js';
import { getRating, numbered } from './get-rating.js';
import { recompute } from './recompute.js';
import type { UsageKey } from './rating-store.js';
import type { Rating } from './usage.js';

export type Replayed = {
  readonly stored: Rating;
  readonly computed: Rating;
  /** To the last digit. */
  readonly agrees: boolean;
};

/**
 * Computes a stored rating again, from the facts and the running totals that are stored with it and by the revision that
 * it names. Throws USAGE_NOT_FOUND, and REVISION_NOT_FOUND when this process does not know the revision.
 */
export async function replayRating(
  key: UsageKey,
  number: number,
  ports: Pick<RecordingPorts, 'store' | 'book'>,
): Promise<Replayed> {
  const ratings = await getRating(key, ports);
  const stored = numbered(ratings, number);
  const computed = await recompute(stored, ratings, ports.book);
  return { stored, computed, agrees: isDeepStrictEqual(stored, computed) };
}
