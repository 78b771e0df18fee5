import { setTimeout as pause } from 'node:timers/promises';
import { RatebookError } from '../../../errors/error.js';
import type { CatalogClient } from '../../catalog/client.js';
import { type RevisionBook, wake } from './revision-book.js';
import { type Follower, newsTaker } from './take-news.js';

/** How long to wait before listening again after the catalog went away. */
const RETRY_MS = 500;

/**
 * Keeps the book up to date until the signal aborts. When the catalog goes away, what is in the book goes on serving and
 * the watch resumes where it stopped.
 */
export async function followCatalog(
  book: RevisionBook,
  catalog: Pick<CatalogClient, 'watchRevisions'>,
  follower: Follower,
): Promise<void> {
  const { signal, log } = follower;
  const news = newsTaker(book, follower);
  let reachable = true;
  while (!signal.aborted) {
    try {
      for await (const piece of catalog.watchRevisions({ cursor: book.cursor }, { signal })) {
        await news.take(piece);
        reachable = true;
      }
    } catch (error) {
      if (!(error instanceof RatebookError)) throw error;
      if (reachable && !stopped(signal)) log.warn({ reason: error.reason, message: error.message }, AWAY);
      reachable = false;
    }
    book.heardAt = -Infinity;
    wake(book);
    await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
  await news.done();
}

const AWAY = 'the catalog is away; the last good revisions go on serving';

/** Whether the follower was told to stop, perhaps while it waited. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
