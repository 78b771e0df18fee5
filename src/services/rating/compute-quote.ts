import { type Quote, quote } from '../../quote/quote.js';
import { answerWith } from '../../strategy/engine/matcher.js';
import type { Instant } from '../../time/instant.js';
import { awaitNews, awaitWatermark } from './await-watermark.js';
import type { QuoteRequest } from './convert.js';
import { type LoadedRevision, type RevisionBook, findRevision } from './revision-book.js';

export type PricedQuote = {
  readonly quote: Quote;
  readonly revision: LoadedRevision;
  /** Set when the catalog is away and a use lies after this instant: another revision may be right. */
  readonly provisionalAfter: Instant | undefined;
};

/** Prices a request by the revision that it names, or the one in effect at its first use. */
export async function computeQuote(
  book: RevisionBook,
  request: QuoteRequest,
  signal: AbortSignal,
): Promise<PricedQuote> {
  const { revision, provisionalAfter } = await revisionFor(book, request, signal);
  const priced = await answerWith(revision.engine.match, quote(revision.strategy, request.input));
  return { quote: priced, revision, provisionalAfter };
}

/** The revision that prices a request, as soon as that is certain. */
export async function revisionFor(
  book: RevisionBook,
  { query }: QuoteRequest,
  signal: AbortSignal,
): Promise<Omit<PricedQuote, 'quote'>> {
  const { provisional } = await awaitWatermark(book, query, signal);
  await awaitNews(book, query, signal);
  return { revision: findRevision(book, query), provisionalAfter: provisional ? book.watermark : undefined };
}
