import type { RatebookError } from '../../errors/error.js';
import type { QuoteInput as ProtoQuoteInput } from '../../gen/ratebook/v1/rate_pb.js';
import { type PricedQuote, computeQuote } from './compute-quote.js';
import { fromProtoQuoteInput } from './convert.js';
import { inRequestPaths } from './request-path.js';
import type { RevisionBook } from './revision-book.js';

/** What became of one item of a batch or stream: its own price, or its own error. */
export type QuoteOutcome =
  | { readonly kind: 'quote'; readonly priced: PricedQuote }
  | { readonly kind: 'error'; readonly error: RatebookError };

/** What an item goes by: the revisions known, when to stop, and how to tell of an error that nobody foresaw. */
export type Answering = {
  readonly book: RevisionBook;
  readonly signal: AbortSignal;
  readonly toRatebookError: (error: unknown) => RatebookError;
};

/** Prices one item so that a bad one fails itself only. */
export async function answerQuote(
  { book, signal, toRatebookError }: Answering,
  input: ProtoQuoteInput | undefined,
): Promise<QuoteOutcome> {
  try {
    const priced = await inRequestPaths(() => computeQuote(book, fromProtoQuoteInput(input), signal));
    return { kind: 'quote', priced };
  } catch (error) {
    return { kind: 'error', error: toRatebookError(error) };
  }
}
