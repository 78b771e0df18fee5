import { type Explained, explainQuote as explain } from '../../quote/explain.js';
import { answerWith } from '../../strategy/engine/matcher.js';
import { type PricedQuote, revisionFor } from './compute-quote.js';
import type { QuoteRequest } from './convert.js';
import type { RevisionBook } from './revision-book.js';

export type ExplainedQuote = Explained & Omit<PricedQuote, 'quote'>;

/** A quote with the reason for it. A use without a price is an answer here, not an error: the rules say why. */
export async function explainQuote(
  book: RevisionBook,
  request: QuoteRequest,
  signal: AbortSignal,
): Promise<ExplainedQuote> {
  const found = await revisionFor(book, request, signal);
  const explained = await answerWith(
    found.revision.engine.trace,
    explain(found.revision.strategy, request.input),
  );
  return { ...explained, ...found };
}
