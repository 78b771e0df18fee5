import type { StoredCounter } from '../../../quote/stored-totals.js';
import { billedWindow } from '../../../quote/totals.js';
import { type Batch, keepRating, moveCounters, ownerOf } from '../recording/batch.js';
import { exactNegative } from '../recording/exact-negative.js';
import { revisionOfRating } from '../recording/recompute.js';
import type { Rating } from '../recording/usage.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Outcome } from './rate-history.js';
import type { UseOutcomes } from './plan.js';

export type Keeping = {
  /** The account's. */
  readonly turn: number;
  /** The highest number that each use has. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Where they stand in the end. */
  readonly counters: readonly StoredCounter[];
  readonly book: RevisionBook;
};

/** Takes each use back exactly and rates it anew, in the batch; and sets the counters to where that leaves them. */
export function keepRerated(batch: Batch, uses: readonly UseOutcomes[], keeping: Keeping): void {
  for (const use of uses) keepUse(batch, use, keeping);
  const [first] = uses;
  if (first === undefined) return;
  const { account, subscription } = first[0].entry.rating;
  moveCounters(batch, ownerOf({ account, id: subscription }), keeping.counters);
}

function keepUse(batch: Batch, use: UseOutcomes, { turn, numbers, book }: Keeping): void {
  const rated = use.filter(isRated);
  let number = numbers.get(use[0].entry.rating.usageId) ?? 0;
  const keep = (rating: Rating, reversed?: Rating) => {
    const placed = { ...rating, turn, place: batch.ratings.length, recordedAt: batch.recordedAt };
    const window = billedWindow(revisionOfRating(rating, book).strategy, rating.occurredAt);
    return keepRating(batch, { rating: placed, counters: [], window }, { mayOwe: true, reversed });
  };
  for (const { entry } of rated) keep(takenBack(entry.rating, ++number), entry.rating);
  // What takes a rating of the use back is to take back the one that replaces it.
  const inPlaceOf = new Map(rated.map(({ entry }, i) => [entry.rating.number, number + i + 1]));
  for (const { entry, anew } of rated) {
    const { turn: first, place } = entry.position;
    keep({
      ...anew,
      number: ++number,
      reverses: anew.reverses === undefined ? undefined : inPlaceOf.get(anew.reverses),
      replaces: { number: entry.rating.number, turn: first, place },
    });
  }
}

type Rated = Outcome & { readonly anew: Rating };

function isRated(outcome: Outcome): outcome is Rated {
  return outcome.anew !== undefined;
}

function takenBack({ replaces: _, ...rating }: Rating, number: number): Rating {
  const { number: reverses } = rating;
  return { ...rating, ...exactNegative(rating), number, reverses, isExact: true, settlements: [] };
}
