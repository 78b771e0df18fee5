import { reverseUse } from '../../../quote/reverse-use.js';
import { countedBy } from '../../../quote/stored-totals.js';
import { periodAt } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import { takeOver } from '../../../quote/moves.js';
import { type Batch, keepRating, ownerOf, totalsOf } from './batch.js';
import { inputOf, inputOfRating } from './rate-use.js';
import { revisionOfRating } from './recompute.js';
import { coverAgain } from '../wallets/cover.js';
import { refuseTooLong } from './storable.js';
import type { Rating } from './usage.js';
import { namesOfUse } from './names-of-use.js';

/** Names of all windows and groups that a rating may have read, counted in or been billed with. */
export function windowsOfRating(rating: Rating, book: RevisionBook): readonly string[] {
  const { strategy } = revisionOfRating(rating, book);
  const { given, occurredAt: at } = rating;
  const counting = { owner: ownerOfRating(rating), strategy, given, at };
  return namesOfUse(counting, () => inputOfRating(rating));
}

type Now = {
  readonly book: RevisionBook;
  /** The number that the reversal gets. */
  readonly number: number;
  /** The account's. */
  readonly turn: number;
};

/** Takes a rating back at the counters that the batch has, by the revision and the facts that it was rated with. */
export async function reverseIn(batch: Batch, rating: Rating, { book, number, turn }: Now): Promise<Rating> {
  const { strategy, engine } = revisionOfRating(rating, book);
  const totals = totalsOf(batch, ownerOfRating(rating), strategy);
  const input = inputOf(rating.given, rating.filled, rating.occurredAt);
  const use = { index: 0, totals, before: rating.before, cover: coverAgain(rating) };
  const { evaluation, moves, before } = await answerSoon(engine.match, reverseUse(strategy, input, use));
  const { amount, lines, discounts } = evaluation;
  const order = { turn, place: batch.ratings.length, recordedAt: batch.recordedAt };
  const reversal: Rating = {
    ...rating,
    ...order,
    number,
    reverses: rating.number,
    amount,
    lines,
    discounts,
    before,
    settlements: [],
    // It has a place of its own in the order of recording, whatever the rating stands in place of.
    replaces: undefined,
  };
  const after = countedBy(moves);
  refuseTooLong(reversal, after);
  takeOver(moves);
  const window = periodAt(totals, strategy.period, rating.occurredAt).name;
  const counted = { rating: reversal, counters: after, window };
  return keepRating(batch, counted, { mayOwe: true, reversed: rating });
}

function ownerOfRating({ account, subscription }: Rating): string {
  return ownerOf({ account, id: subscription });
}
