import type { Explanation } from '../../../quote/explain.js';
import { explainUse } from '../../../quote/explain.js';
import { type Nearest, nearestOutcomes } from '../../../quote/nearest/nearest.js';
import { byWindow } from '../../../quote/stored-totals.js';
import { restoreTotals } from '../../../quote/totals.js';
import { answerWith } from '../../../strategy/engine/matcher.js';
import { getRating, numbered } from '../recording/get-rating.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inputOfRating } from '../recording/rate-use.js';
import type { UsageKey } from '../recording/rating-store.js';
import { calculationOf, revisionOfRating } from '../recording/recompute.js';
import type { Rating } from '../recording/usage.js';
import type { RevisionBook } from '../revisions/revision-book.js';

export type ExplainedRating = {
  readonly rating: Rating;
  readonly explanation: Explanation;
  /** Undefined of what takes a rating back, and of what was not used. */
  readonly nearest: Nearest | undefined;
};

/**
 * A stored rating with the reason for it, from the facts and the running totals that are stored with it. One that takes
 * another back exactly has that one's rules. Throws USAGE_NOT_FOUND, and REVISION_NOT_FOUND when this process does not
 * know the revision.
 */
export async function explainRating(
  key: UsageKey,
  number: number,
  ports: Pick<RecordingPorts, 'store' | 'book'>,
): Promise<ExplainedRating> {
  const ratings = await getRating(key, ports);
  const rating = numbered(ratings, number);
  const { book } = ports;
  const { engine } = revisionOfRating(rating, book);
  const original = ratings.find((one) => one.number === rating.reverses);
  if (original === undefined) {
    const explanation = await answerWith(engine.trace, explainUse(calculationOf(rating, undefined, book)));
    return { rating, explanation, nearest: await nearestTo(rating, book) };
  }
  if (!rating.isExact) {
    const explanation = await answerWith(engine.trace, explainUse(calculationOf(rating, original, book)));
    return { rating, explanation, nearest: undefined };
  }
  const { explanation } = await explainRating(key, original.number, ports);
  const label = `Takes back rating ${original.number}`;
  const steps = [{ line: '', label, expression: '', value: rating.amount }];
  return { rating, explanation: { ...explanation, steps }, nearest: undefined };
}

async function nearestTo(rating: Rating, book: RevisionBook): Promise<Nearest | undefined> {
  const { engine, strategy } = revisionOfRating(rating, book);
  // What lies near a charge of a period would be a question to the period, and to what was measured in it.
  if (rating.moment !== 'usage') return undefined;
  const input = inputOfRating(rating);
  const totals = restoreTotals(strategy, byWindow(rating.before));
  const [nearest] = await answerWith(engine.match, nearestOutcomes(strategy, input, totals));
  return nearest;
}
