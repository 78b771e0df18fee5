import { RatebookError } from '../../../errors/error.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import {
  type RevisionBook,
  type RevisionQuery,
  isAway,
  isLoading,
  knows,
  nextChange,
} from './revision-book.js';

/** How long a quote waits for the catalog to say that nothing new becomes effective before its instant. */
const PATIENCE_MS = 2_000;

/**
 * Waits until the book is complete up to the query's instant, so that two processes never price one instant by different
 * revisions: the catalog has been heard so far, and no revision that may be asked for is still loading. A revision named
 * by its number is what it is at once. While the catalog is away the last good revisions go on serving: `provisional`
 * means that the answer holds as far as is known.
 *
 * Throws UNAVAILABLE when the instant lies too far ahead, when the catalog has not been heard at all, or when a revision
 * takes too long to load.
 */
export async function awaitWatermark(
  book: RevisionBook,
  query: RevisionQuery,
  signal: AbortSignal,
): Promise<{ readonly provisional: boolean }> {
  // Most quotes wait for nothing, and need no timer.
  if (isCertain(book, query)) return { provisional: false };
  return withPatience(signal, async (patience) => {
    while (!isCertain(book, query)) {
      const isWhole = !isLoading(book, query);
      if (isWhole && book.watermark !== undefined && isAway(book)) return { provisional: true };
      if (patience.aborted) throw isWhole ? tooEarly(book, instantOf(query)) : stillLoading(query);
      await nextChange(book, patience);
    }
    return { provisional: false };
  });
}

/**
 * Waits for what may have been published a moment ago, at most until the catalog has spoken twice, since what it says
 * first may have been on its way before the question was asked, and what it has told by then is loaded.
 */
export async function awaitNews(
  book: RevisionBook,
  query: RevisionQuery,
  signal: AbortSignal,
): Promise<void> {
  if (knows(book, query)) return;
  const enough = book.heard + 2;
  await withPatience(signal, async (patience) => {
    while (!knows(book, query)) {
      const isComing = isLoading(book, query);
      if (!isComing && (book.heard >= enough || isAway(book))) return;
      if (patience.aborted) {
        if (isComing) throw stillLoading(query);
        return;
      }
      await nextChange(book, patience);
    }
  });
}

/**
 * Waits under a signal that aborts with the call's or when patience ends. Not `AbortSignal.any` over a timeout: Node lets
 * a timeout that nothing else refers to be collected as garbage, and then it never ends.
 */
async function withPatience<T>(signal: AbortSignal, wait: (patience: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const end = () => {
    patience.abort();
  };
  const timer = setTimeout(end, PATIENCE_MS);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await wait(patience.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** Whether what the book knows now prices the query, for ever: the watermark has reached it and nothing is loading. */
export function isCertain(book: RevisionBook, query: RevisionQuery): boolean {
  return reaches(book, instantOf(query)) && !isLoading(book, query);
}

/** What the watermark has to reach; without an instant, the catalog has to have been heard at all. */
function instantOf({ number, at }: RevisionQuery): Instant | undefined {
  return number === undefined ? at : undefined;
}

function reaches({ watermark }: RevisionBook, at: Instant | undefined): boolean {
  return watermark !== undefined && (at === undefined || at <= watermark);
}

function tooEarly({ watermark }: RevisionBook, at: Instant | undefined): RatebookError {
  const message =
    watermark === undefined || at === undefined
      ? 'The catalog has not been reached yet, so no revision is known; try again shortly.'
      : `Revisions are known up to ${formatInstant(watermark)} and ${formatInstant(at)} is later; try again, or name the revision to quote ahead of time.`;
  return new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}

function stillLoading({ strategy }: RevisionQuery): RatebookError {
  const message = `A revision of ${strategy} that may price this is still being read; try again shortly.`;
  return new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}
