import { RatebookError } from '../../../errors/error.js';
import { byWindow } from '../../../quote/stored-totals.js';
import { restoreTotals } from '../../../quote/totals.js';
import { rateUse } from '../../../quote/quote.js';
import { reverseUse } from '../../../quote/reverse-use.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import { type LoadedRevision, type RevisionBook, findRevision } from '../revisions/revision-book.js';
import { coverAgain } from '../wallets/cover.js';
import { negated } from './negated.js';
import { factTexts, inputOfRating } from './rate-use.js';
import type { Rating } from './usage.js';

/** A stored rating as it comes out of what is stored with it, and with the one that it takes back. */
export async function recompute(
  rating: Rating,
  ratings: readonly Rating[],
  book: RevisionBook,
): Promise<Rating> {
  const { strategy, engine } = revisionOfRating(rating, book);
  const use = { index: 0, totals: restoreTotals(strategy, byWindow(rating.before)) };
  const input = inputOfRating(rating);
  const original = ratings.find(({ number }) => number === rating.reverses);
  // A period has no running total: what was charged for it is taken back as it was.
  if (original?.part !== undefined) return negated(rating, await recompute(original, ratings, book));
  const calculation =
    original === undefined
      ? rateUse(strategy, input, { ...use, cover: coverAgain(rating) })
      : reverseUse(strategy, input, { ...use, before: original.before, cover: coverAgain(original) });
  const { evaluation, before } = await answerSoon(engine.match, calculation);
  const { lines, discounts, amount, facts } = evaluation;
  return {
    ...rating,
    facts: factTexts(facts, rating.part),
    amount,
    lines,
    discounts,
    before,
  };
}

/** The very revision that priced it. Throws REVISION_NOT_FOUND and, when its content is another, INTERNAL. */
export function revisionOfRating(rating: Rating, book: RevisionBook): LoadedRevision {
  const { strategy, revision: number, contentHash } = rating;
  const revision = findRevision(book, { strategy, number, at: undefined });
  if (revision.contentHash === contentHash) return revision;
  throw new RatebookError(
    'INTERNAL',
    `Revision ${number} of ${strategy} has another content than when it priced this.`,
  );
}
