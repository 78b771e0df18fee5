import type { Revision, WatchRevisionsResponse } from '../../../gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../../platform/grpc/timestamp.js';
import type { Log } from '../../../platform/log.js';
import type { RevisionHead } from '../../../strategy/choose-revision.js';
import { type Loader, headOf, loadRevision } from './load-revision.js';
import { type RevisionBook, enter, nextChange, wake } from './revision-book.js';

export type NewsTaker = {
  /** Takes in a piece of news; resolves when the next one may come. */
  readonly take: (news: WatchRevisionsResponse) => Promise<void>;
  /** Resolves when all revisions that were taken in are loaded. */
  readonly done: () => Promise<void>;
};

export type Follower = Loader & { readonly signal: AbortSignal; readonly log: Log };

/** Revisions whose documents may wait in memory to be read. */
const MOST_LOADING = 8;

/**
 * Takes in news in their order. A large document takes seconds to read, and what it does not concern must not wait for
 * it: each revision of a piece of news is noted as loading before the watermark that covers it is believed, and holds
 * up only quotes that it may price. The cursor moves at once: what it passes is in this process, loaded or loading, so
 * that nothing is lost when the stream breaks.
 */
export function newsTaker(book: RevisionBook, follower: Follower): NewsTaker {
  let loaded: Promise<void> = Promise.resolve();
  const load = (revision: Revision, cursor: string): void => {
    const head = headOf(revision);
    if (!head.ok) {
      report(revision, { why: head.why }, follower);
      return;
    }
    const loading = { strategy: revision.strategy, head: head.value };
    book.loading.add(loading);
    loaded = loaded.then(async () => {
      const isEntered = await enterOrReport(book, revision, head.value, follower);
      // News come in order, and so do their numbers.
      if (isEntered && revision.backdated) book.backdated = BigInt(cursor);
      book.loading.delete(loading);
      wake(book);
    });
  };
  return {
    take: async ({ revisions, watermark, cursor }) => {
      for (const revision of revisions) load(revision, cursor);
      if (watermark !== undefined) book.watermark = fromTimestamp(watermark);
      book.cursor = cursor;
      book.heardAt = performance.now();
      book.heard += 1;
      wake(book);
      while (book.loading.size >= MOST_LOADING && !follower.signal.aborted)
        await nextChange(book, follower.signal);
    },
    done: () => loaded,
  };
}

/** False for a revision that this version cannot read: it is reported and must not keep the others from being served. */
async function enterOrReport(
  book: RevisionBook,
  revision: Revision,
  head: RevisionHead,
  follower: Follower,
): Promise<boolean> {
  try {
    // A revision that comes again (it was withdrawn) has the document that it had.
    const known = book.byStrategy.get(revision.strategy)?.find((one) => one.head.number === head.number);
    if (known?.contentHash === revision.contentHash) {
      enter(book, { ...known, head });
      return true;
    }
    const loaded = await loadRevision(revision, head, follower);
    if (loaded.ok) enter(book, loaded.value);
    else report(revision, { why: loaded.why }, follower);
    return loaded.ok;
  } catch (error) {
    if (!follower.signal.aborted) report(revision, { err: error }, follower);
    return false;
  }
}

function report({ name }: Revision, cause: object, { log }: Follower): void {
  log.error({ revision: name, ...cause }, 'a revision cannot be loaded and will not price anything');
}
