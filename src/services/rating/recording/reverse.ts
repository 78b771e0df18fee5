import type { Running } from '../../../pricing/price.js';
import { reverseUse } from '../../../quote/reverse-use.js';
import { countedBy } from '../../../quote/stored-totals.js';
import { restoreTotals, windowNames } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import type { Instant } from '../../../time/instant.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import { noteMoves, windowsOfOwner } from './batch.js';
import { ownerOf } from './draft.js';
import { inputOf } from './rate-use.js';
import type { Counted } from './rating-store.js';
import { revisionOfRating } from './recompute.js';
import { refuseTooLong } from './storable.js';
import type { Rating } from './usage.js';

/** The windows that a rating may have counted in: `ACCOUNT/SUBSCRIPTION KIND START`. */
export function windowsOfRating(rating: Rating, book: RevisionBook): readonly string[] {
  const { strategy } = revisionOfRating(rating, book);
  return windowNames(strategy, rating.occurredAt).map((window) => `${ownerOfRating(rating)} ${window}`);
}

export type Reversed = { readonly reversal: Rating; readonly moved: Counted };

type Now = {
  readonly book: RevisionBook;
  /** What was counted so far in the rating's windows. */
  readonly counted: Counted;
  readonly recordedAt: Instant;
  /** The number that the reversal gets. */
  readonly number: number;
  /** The account's. */
  readonly turn: number;
};

/** Takes a rating back at the counters of now, by the revision and the facts that it has. */
export async function reversalOf(
  rating: Rating,
  { book, counted, recordedAt, number, turn }: Now,
): Promise<Reversed> {
  const { strategy, engine } = revisionOfRating(rating, book);
  const owner = ownerOfRating(rating);
  const totals = restoreTotals(strategy, windowsOfOwner(counted, owner));
  const input = inputOf(rating.given, rating.filled, rating.occurredAt);
  const use = { index: 0, totals, before: rating.before };
  const { evaluation, moves, before } = await answerSoon(engine.match, reverseUse(strategy, input, use));
  const { amount, lines, discounts } = evaluation;
  const order = { turn, place: 0, recordedAt };
  const reversal: Rating = {
    ...rating,
    ...order,
    number,
    reverses: rating.number,
    amount,
    lines,
    discounts,
    before,
  };
  const after = countedBy(moves);
  refuseTooLong(reversal, after);
  const moved = new Map<string, Map<string, Running>>();
  noteMoves(moved, owner, after);
  return { reversal, moved };
}

function ownerOfRating({ account, subscription }: Rating): string {
  return ownerOf({ account, id: subscription });
}
