import { RatebookError } from '../../errors/error.js';
import { type Instant, formatInstant } from '../../time/instant.js';
import { type RevisionBook, type RevisionQuery, isAway, knows } from './revision-book.js';

/** How long a quote waits for the catalog to say that nothing new becomes effective before its instant. */
const PATIENCE_MS = 2_000;

/**
 * Waits until the book is complete up to `at`, so that two processes never price one instant by different revisions, or
 * without an instant until the catalog has been heard. While the catalog is away the last good revisions go on serving:
 * `provisional` means that the answer holds as far as is known.
 *
 * Throws UNAVAILABLE when the instant lies too far ahead, or when the catalog has not been heard at all.
 */
export async function awaitWatermark(
  book: RevisionBook,
  at: Instant | undefined,
  signal: AbortSignal,
): Promise<{ readonly provisional: boolean }> {
  // Most quotes wait for nothing, and need no timer.
  if (reaches(book, at)) return { provisional: false };
  return withPatience(signal, async (patience) => {
    do {
      if (book.watermark !== undefined && isAway(book)) return { provisional: true };
      if (patience.aborted) throw tooEarly(book, at);
      await nextNews(book, patience);
    } while (!reaches(book, at));
    return { provisional: false };
  });
}

/**
 * Waits for what may have been published a moment ago, at most until the catalog has spoken twice: what it says first may
 * have been on its way before the question was asked.
 */
export async function awaitNews(
  book: RevisionBook,
  query: RevisionQuery,
  signal: AbortSignal,
): Promise<void> {
  if (knows(book, query)) return;
  const enough = book.heard + 2;
  await withPatience(signal, async (patience) => {
    while (!knows(book, query) && book.heard < enough && !patience.aborted && !isAway(book)) {
      await nextNews(book, patience);
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

/** Whether the book is complete up to an instant; without one, whether the catalog has been heard at all. */
export function reaches({ watermark }: RevisionBook, at: Instant | undefined): boolean {
  return watermark !== undefined && (at === undefined || at <= watermark);
}

function nextNews(book: RevisionBook, patience: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      book.waiting.delete(wake);
      patience.removeEventListener('abort', wake);
      resolve();
    };
    book.waiting.add(wake);
    patience.addEventListener('abort', wake);
  });
}

function tooEarly({ watermark }: RevisionBook, at: Instant | undefined): RatebookError {
  const message =
    watermark === undefined || at === undefined
      ? 'The catalog has not been reached yet, so no revision is known; try again shortly.'
      : `Revisions are known up to ${formatInstant(watermark)} and ${formatInstant(at)} is later; try again, or name the revision to quote ahead of time.`;
  return new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}
