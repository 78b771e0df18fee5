import type { Rating } from '../recording/usage.js';

/** The rating of a use that holds: it takes none back and is not taken back. Undefined for a use that was cancelled. */
export function liveOf(ratings: readonly Rating[]): Rating | undefined {
  const takenBack = new Set(ratings.map(({ reverses }) => reverses));
  return ratings.findLast(({ number, reverses }) => reverses === undefined && !takenBack.has(number));
}
