import type { RatebookError } from '../../errors/error.js';
import type { QuoteInput as ProtoQuoteInput } from '../../gen/ratebook/v1/rate_pb.js';
import { type PricedQuote, computeQuote } from './compute-quote.js';
import { fromProtoQuoteInput } from './convert.js';
import { toRequestPaths } from './request-path.js';
import type { RevisionBook } from './revisions/revision-book.js';
import { type Soon, after, attempt } from './soon.js';

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

/** Prices one item so that a bad one fails itself only: it neither throws nor rejects. */
export function answerQuote(
  { book, signal, toRatebookError }: Answering,
  input: ProtoQuoteInput | undefined,
): Soon<QuoteOutcome> {
  return attempt<QuoteOutcome>(
    () =>
      after(computeQuote(book, fromProtoQuoteInput(input), signal), (priced) => ({ kind: 'quote', priced })),
    (error) => ({ kind: 'error', error: toRatebookError(toRequestPaths(error)) }),
  );
}
