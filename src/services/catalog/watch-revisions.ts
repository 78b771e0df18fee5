import { setTimeout as pause } from 'node:timers/promises';
import { violationError } from '../../errors/error.js';
import { mongoFailure } from '../../platform/mongo/failure.js';
import type { Instant } from '../../time/instant.js';
import type { CatalogPorts } from './ports.js';
import type { RevisionWithSource } from './revision.js';
import { newsBetween, readHead, type News } from './store.js';
import { currentHead } from './watermark.js';

export type WatchInput = {
  /** The last sequence that the watcher has taken in; 0 for none. */
  readonly after: bigint;
  /** Ends the stream. */
  readonly signal: AbortSignal;
};

/** Each message carries the sequence to resume after. */
export type Watched =
  | { readonly kind: 'revision'; readonly revision: RevisionWithSource; readonly sequence: bigint }
  | { readonly kind: 'watermark'; readonly watermark: Instant; readonly sequence: bigint };

/** Four looks a second at one small document: simpler than a change stream, and it has no token that can expire. */
const pauseMs = 250;
/** A document may be large, and so many are in memory at once for each watcher. */
const batchSize = 8;

/**
 * All news after a sequence, each as the revision now is, then a watermark four times a second with the news before it.
 * While MongoDB is away the stream stays open and silent, so a watcher goes by its last watermark. Throws
 * INVALID_REQUEST for a sequence that the catalog has not reached: it belongs to another database or a restored one.
 */
export async function* watchRevisions(input: WatchInput, ports: CatalogPorts): AsyncGenerator<Watched, void> {
  const { signal } = input;
  let sequence = input.after;
  refuseAhead(sequence, (await readHead(ports.store)).sequence);
  for (;;) {
    const batch = await nextBatch(sequence, ports);
    for (const news of batch.news) {
      sequence = news.sequence;
      yield { kind: 'revision', revision: news.revision, sequence };
    }
    if (batch.hasMore) continue;
    if (batch.watermark !== undefined) yield { kind: 'watermark', watermark: batch.watermark, sequence };
    await pause(pauseMs, undefined, { signal });
  }
}

type Batch = {
  readonly news: readonly News[];
  readonly hasMore: boolean;
  /** Holds for who has taken in `news`; undefined when more is to come first. */
  readonly watermark: Instant | undefined;
};

const nothing: Batch = { news: [], hasMore: false, watermark: undefined };

async function nextBatch(after: bigint, ports: CatalogPorts): Promise<Batch> {
  try {
    const head = await currentHead(ports);
    const news = await newsBetween(ports.store, after, head.sequence, batchSize);
    const reached = news.at(-1)?.sequence ?? after;
    // Just after an election the new primary may still show less than what the old one had told.
    const isWhole = BigInt(news.length) === reached - after;
    if (!isWhole) return nothing;
    const hasMore = news.length === batchSize && reached < head.sequence;
    return { news, hasMore, watermark: reached >= head.sequence ? head.watermark : undefined };
  } catch (error) {
    if (mongoFailure(error) === undefined) throw error;
    return nothing;
  }
}

function refuseAhead(cursor: bigint, newest: bigint): void {
  if (cursor <= newest) return;
  const description = `"${cursor.toString()}" is ahead of this catalog, which is at ${newest.toString()}; watch from the start with an empty cursor.`;
  throw violationError('INVALID_REQUEST', [{ field: 'cursor', description }]);
}
