import { type Quote, quote } from '../../quote/quote.js';
import { answerSoon } from '../../strategy/engine/matcher.js';
import type { Instant } from '../../time/instant.js';
import { awaitNews, awaitWatermark, isCertain } from './revisions/await-watermark.js';
import type { QuoteRequest } from './convert.js';
import {
  type LoadedRevision,
  type RevisionBook,
  type RevisionQuery,
  findRevision,
  knows,
} from './revisions/revision-book.js';
import { type Soon, after } from './soon.js';

/** The revision that prices a request. */
export type FoundRevision = {
  readonly revision: LoadedRevision;
  /** Set when the catalog is away and a use lies after this instant: another revision may be right. */
  readonly provisionalAfter: Instant | undefined;
};

export type PricedQuote = FoundRevision & { readonly quote: Quote };

/**
 * Prices a request by the revision that it names, or the one in effect at its first use. Throws at once, or rejects, with
 * what finding the revision and the calculation throw.
 */
export function computeQuote(
  book: RevisionBook,
  request: QuoteRequest,
  signal: AbortSignal,
): Soon<PricedQuote> {
  return after(revisionFor(book, request, signal), (found) => {
    const { revision, provisionalAfter } = found;
    const calculated = answerSoon(revision.engine.match, quote(revision.strategy, request.input));
    return after(calculated, (priced) => ({ quote: priced, revision, provisionalAfter }));
  });
}

/** The revision that prices a request, as soon as that is certain: mostly at once. */
export function revisionFor(
  book: RevisionBook,
  { query }: QuoteRequest,
  signal: AbortSignal,
): Soon<FoundRevision> {
  if (isCertain(book, query) && knows(book, query))
    return { revision: findRevision(book, query), provisionalAfter: undefined };
  return awaitRevision(book, query, signal);
}

async function awaitRevision(
  book: RevisionBook,
  query: RevisionQuery,
  signal: AbortSignal,
): Promise<FoundRevision> {
  const { provisional } = await awaitWatermark(book, query, signal);
  await awaitNews(book, query, signal);
  return { revision: findRevision(book, query), provisionalAfter: provisional ? book.watermark : undefined };
}
