import { negate } from '../../../money/arithmetic.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import { billedWindow } from '../../../quote/totals.js';
import { type Batch, keepRating, moveCounters, ownerOf } from '../recording/batch.js';
import { exactNegative } from '../recording/exact-negative.js';
import { revisionOfRating } from '../recording/recompute.js';
import type { Rating, Settlement } from '../recording/usage.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Entry } from './history.js';
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
  let number = numbers.get(use[0].entry.rating.usageId) ?? 0;
  const keep = (rating: Rating, reversed: Rating | undefined) => {
    const order = { number: ++number, turn, place: batch.ratings.length, recordedAt: batch.recordedAt };
    const window = billedWindow(revisionOfRating(rating, book).strategy, rating.occurredAt);
    const counted = { rating: { ...rating, ...order }, counters: [], window };
    return keepRating(batch, counted, { mayOwe: true, reversed });
  };
  /** By the number of what they replace. */
  const replacing = new Map<number, Rating>();
  for (const { entry, anew } of use) {
    if (anew === undefined) continue;
    const { number: replaced, reverses } = entry.rating;
    const original = reverses === undefined ? undefined : replacing.get(reverses);
    const renewed = { ...anew, reverses: original?.number, replaces: placeOf(entry) };
    // What gives back comes before what takes, so that wallets never lack what they have had.
    if (original === undefined) keep(takenBack(entry.rating), entry.rating);
    replacing.set(replaced, keep(renewed, original));
    if (original !== undefined) keep(takenBack(entry.rating), undefined);
  }
}

function placeOf({ rating: { number }, position: { turn, place } }: Entry): Rating['replaces'] {
  return { number, turn, place };
}

/** Of a reversal too: then the units that it gave back are taken again. */
function takenBack(rating: Rating): Rating {
  const { number: reverses } = rating;
  const settlements = rating.reverses === undefined ? [] : unitsOf(rating);
  return { ...rating, ...exactNegative(rating), reverses, isExact: true, replaces: undefined, settlements };
}

function unitsOf({ settlements, currency }: Rating): readonly Settlement[] {
  return settlements
    .filter(({ unit }) => unit !== currency)
    .map((one) => ({ ...one, amount: negate(one.amount) }));
}
