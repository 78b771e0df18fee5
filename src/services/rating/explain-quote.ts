import { type Explained, explainQuote as explain } from '../../quote/explain.js';
import { type Nearest, nearestOutcomes } from '../../quote/nearest/nearest.js';
import { answerWith } from '../../strategy/engine/matcher.js';
import { type PricedQuote, revisionFor } from './compute-quote.js';
import type { QuoteRequest } from './convert.js';
import type { RevisionBook } from './revisions/revision-book.js';

export type ExplainedQuote = Explained &
  Omit<PricedQuote, 'quote'> & {
    /** One for each explanation, in order. */
    readonly nearest: readonly Nearest[];
  };

/** A quote with the reason for it. A use without a price is an answer here, not an error: the rules say why. */
export async function explainQuote(
  book: RevisionBook,
  request: QuoteRequest,
  signal: AbortSignal,
): Promise<ExplainedQuote> {
  const found = await revisionFor(book, request, signal);
  const { engine, strategy } = found.revision;
  const explained = await answerWith(engine.trace, explain(strategy, request.input));
  const nearest = await answerWith(engine.match, nearestOutcomes(strategy, request.input));
  return { ...explained, nearest, ...found };
}
