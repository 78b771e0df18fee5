import { setTimeout as pause } from 'node:timers/promises';
import { RatebookError } from '../../errors/error.js';
import type { Revision, WatchRevisionsResponse } from '../../gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../platform/grpc/timestamp.js';
import type { Log } from '../../platform/log.js';
import type { EngineFactory } from '../../strategy/engine/matcher.js';
import type { CatalogClient } from '../catalog/client.js';
import { loadRevision } from './load-revision.js';
import { type RevisionBook, enter } from './revision-book.js';

export type Follower = { readonly engine: EngineFactory; readonly signal: AbortSignal; readonly log: Log };

/** How long to wait before listening again after the catalog went away. */
const RETRY_MS = 500;

/**
 * Keeps the book up to date until the signal aborts. When the catalog goes away, what is in the book goes on serving and
 * the watch resumes where it stopped.
 */
export async function followCatalog(
  book: RevisionBook,
  catalog: CatalogClient,
  follower: Follower,
): Promise<void> {
  const { signal, log } = follower;
  let reachable = true;
  while (!signal.aborted) {
    try {
      for await (const news of catalog.watchRevisions({ cursor: book.cursor }, { signal })) {
        takeNews(book, news, follower);
        reachable = true;
      }
    } catch (error) {
      if (!(error instanceof RatebookError)) throw error;
      if (reachable && !stopped(signal)) log.warn({ reason: error.reason, message: error.message }, AWAY);
      reachable = false;
    }
    await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

const AWAY = 'the catalog is away; the last good revisions go on serving';

/** Whether the follower was told to stop, perhaps while it waited. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Takes in a piece of news as a whole: revisions before the watermark that covers them. */
function takeNews(
  book: RevisionBook,
  { revisions, watermark, cursor }: WatchRevisionsResponse,
  follower: Follower,
): void {
  for (const revision of revisions) enterOrReport(book, revision, follower);
  if (watermark !== undefined) book.watermark = fromTimestamp(watermark);
  book.cursor = cursor;
  book.heardAt = performance.now();
  wake(book);
}

/** A revision that this version cannot read is reported; it must not keep the others from being served. */
function enterOrReport(book: RevisionBook, revision: Revision, { engine, log }: Follower): void {
  const told = 'a revision cannot be loaded and will not price anything';
  try {
    const loaded = loadRevision(revision, engine);
    if (loaded.ok) enter(book, loaded.value);
    else log.error({ revision: revision.name, why: loaded.why }, told);
  } catch (error) {
    log.error({ revision: revision.name, err: error }, told);
  }
}

function wake(book: RevisionBook): void {
  for (const waiter of [...book.waiting]) waiter();
}
