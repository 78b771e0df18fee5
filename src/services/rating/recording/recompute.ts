import { RatebookError } from '../../../errors/error.js';
import { byWindow } from '../../../quote/stored-totals.js';
import { type Totals, restoreTotals } from '../../../quote/totals.js';
import { type RatedUse, rateUse } from '../../../quote/quote.js';
import { reverseUse } from '../../../quote/reverse-use.js';
import { type MatchQuestion, answerSoon } from '../../../strategy/engine/matcher.js';
import type { Matches } from '../../../strategy/strategy.js';
import { type LoadedRevision, type RevisionBook, storedRevision } from '../revisions/revision-book.js';
import { coverAgain } from '../wallets/cover.js';
import { exactNegative } from './exact-negative.js';
import { factTexts, inputOfRating } from './rate-use.js';
import type { Rating } from './usage.js';

/** A stored rating as it comes out of what is stored with it, and with the one that it takes back. */
export async function recompute(
  rating: Rating,
  ratings: readonly Rating[],
  book: RevisionBook,
): Promise<Rating> {
  const original = ratings.find(({ number }) => number === rating.reverses);
  // What was charged for a period, and what rerating replaces, is taken back as it was.
  if (rating.isExact && original !== undefined) {
    const computed = await recompute(original, ratings, book);
    return { ...rating, facts: computed.facts, before: computed.before, ...exactNegative(computed) };
  }
  const { match } = revisionOfRating(rating, book).engine;
  const { evaluation, before } = await answerSoon(match, calculationOf(rating, original, book));
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

/** How a rating was computed, from the counters that it stores, or after others. Not for one that takes back exactly. */
export function calculationOf(
  rating: Rating,
  original: Rating | undefined,
  book: RevisionBook,
  after?: Totals,
): Generator<MatchQuestion, RatedUse, Matches> {
  const { strategy } = revisionOfRating(rating, book);
  const totals = after ?? restoreTotals(strategy, byWindow(rating.before));
  const input = inputOfRating(rating);
  const use = { index: 0, totals, cover: coverAgain(original ?? rating) };
  return original === undefined
    ? rateUse(strategy, input, use)
    : reverseUse(strategy, input, { ...use, before: original.before });
}

/** The very revision that priced it. Throws UNAVAILABLE while it is not known and, when its content is another, INTERNAL. */
export function revisionOfRating(rating: Rating, book: RevisionBook): LoadedRevision {
  const { strategy, revision: number, contentHash } = rating;
  const revision = storedRevision(book, strategy, number);
  if (revision.contentHash === contentHash) return revision;
  throw new RatebookError(
    'INTERNAL',
    `Revision ${number} of ${strategy} has another content than when it priced this.`,
  );
}
