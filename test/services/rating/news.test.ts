import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import { create } from '@bufbuild/protobuf';
import { RatebookError } from '../../../src/errors/error.js';
import {
  type WatchRevisionsRequest,
  type WatchRevisionsResponse,
  WatchRevisionsResponseSchema,
} from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { createLog } from '../../../src/platform/log.js';
import { awaitWatermark } from '../../../src/services/rating/revisions/await-watermark.js';
import { followCatalog } from '../../../src/services/rating/revisions/follow-catalog.js';
import { type DocumentReader, documentReader } from '../../../src/services/rating/revisions/read-document.js';
import {
  type RevisionBook,
  emptyBook,
  nextChange,
} from '../../../src/services/rating/revisions/revision-book.js';
import { newsTaker } from '../../../src/services/rating/revisions/take-news.js';
import { openDocument } from '../../../src/strategy/document.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import { readSource } from '../../../src/strategy/source/read-source.js';
import { at, document, timestamp } from '../catalog/catalog.js';

type Told = {
  readonly strategy?: string;
  readonly number?: number;
  readonly withdrawn?: boolean;
  readonly text?: string;
};

const EFFECTIVE = '2026-02-01T00:00:00Z';

/** A revision as the catalog tells it, in effect from February on. */
function revision({ strategy = 'small', number = 1, withdrawn = false, text }: Told) {
  const source = document(strategy, String(number));
  const opened = openDocument(readSource({ name: source.fileName, text: source.text }), []);
  return {
    name: `strategies/${strategy}/revisions/${number}`,
    strategy,
    number: BigInt(number),
    contentHash: opened.document?.contentHash ?? '',
    effectiveFrom: timestamp(EFFECTIVE),
    ...(withdrawn && { withdrawnAt: timestamp(EFFECTIVE) }),
    source: { ...source, text: text ?? source.text },
  };
}

function news(cursor: string, ...told: readonly Told[]): WatchRevisionsResponse {
  const watermark = timestamp('2026-03-01T00:00:00Z');
  return create(WatchRevisionsResponseSchema, { cursor, watermark, revisions: told.map(revision) });
}

/** What the book has of a strategy, in the order in which it was entered. */
function entered(book: RevisionBook, strategy = 'small'): string[] {
  const revisions = book.byStrategy.get(strategy) ?? [];
  return revisions.map(({ head }) => `${head.number}${head.withdrawn ? ' withdrawn' : ''}`);
}

describe('services/rating: news of the catalog', () => {
  let reader: DocumentReader;
  let book: RevisionBook;
  let lines: string[];
  let stopping: AbortController;
  beforeEach(() => {
    reader = documentReader();
    book = emptyBook();
    lines = [];
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await reader.stop();
  });

  const taking = (read = reader.read) => ({
    read,
    compile: function* (strategy: Parameters<typeof referenceEngine>[0]) {
      yield;
      return referenceEngine(strategy);
    },
    signal: stopping.signal,
    log: createLog('error', { write: (line) => lines.push(line) }),
  });

  /** Each `open` lets one document be read. */
  function gate() {
    const waiting: (() => void)[] = [];
    let opened = 0;
    const read: DocumentReader['read'] = async (question) => {
      if (opened > 0) opened--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return reader.read(question);
    };
    const open = () => {
      const next = waiting.shift();
      if (next === undefined) opened++;
      else next();
    };
    return { read, open };
  }

  const signal = new AbortController().signal;
  const asked = async (strategy: string, text: string) => {
    await awaitWatermark(book, { strategy, at: at(text) }, signal);
    return entered(book, strategy);
  };

  it('revisions are entered in their order, and one that comes again with its new state', async () => {
    const taker = newsTaker(book, taking());
    await taker.take(news('1', { number: 1 }));
    await taker.take(news('2', { number: 2 }, { number: 3 }));
    await taker.take(news('3', { number: 2, withdrawn: true }));
    await taker.done();
    assert.deepEqual(entered(book), ['1', '2 withdrawn', '3']);
    assert.equal(book.cursor, '3');
    assert.deepEqual(lines, []);
  });

  it('while one is read, who may need it waits and all others go on', async () => {
    const { read, open } = gate();
    const taker = newsTaker(book, taking(read));
    await taker.take(news('1', { strategy: 'other' }));
    open();
    await taker.done();
    await taker.take(news('2', { strategy: 'small' }));
    const waiting = asked('small', EFFECTIVE);
    assert.deepEqual(await asked('other', EFFECTIVE), ['1']);
    assert.deepEqual(await asked('small', '2026-01-31T23:59:59Z'), []);
    open();
    assert.deepEqual(await waiting, ['1']);
  });

  it('who waits too long for it is told so', async () => {
    const { read, open } = gate();
    const taker = newsTaker(book, taking(read));
    await taker.take(news('1', {}));
    await assert.rejects(asked('small', EFFECTIVE), {
      reason: 'UNAVAILABLE',
      message: 'A revision of small that may price this is still being read; try again shortly.',
    });
    open();
    await taker.done();
    assert.deepEqual(await asked('small', EFFECTIVE), ['1']);
  });

  it('only so many wait to be read', async () => {
    const { read, open } = gate();
    const taker = newsTaker(book, taking(read));
    const first = Array.from({ length: 8 }, (_, i) => ({ number: i + 1 }));
    let taken = false;
    const take = taker.take(news('1', ...first)).then(() => (taken = true));
    await new Promise(setImmediate);
    assert.equal(taken, false);
    open();
    await take;
    assert.deepEqual(entered(book), ['1']);
    first.slice(1).forEach(open);
    await taker.done();
  });

  it('one that cannot be read is reported, and those after it are entered', async () => {
    const taker = newsTaker(book, taking());
    await taker.take(
      news('1', { number: 1, text: 'strategy: [' }, { number: 2, text: document('other').text }),
    );
    await taker.take(news('2', { number: 3 }));
    await taker.done();
    assert.deepEqual(entered(book), ['3']);
    const [broken, other] = lines.map((line) => JSON.parse(line) as Record<string, string>);
    assert.equal(broken?.['revision'], 'strategies/small/revisions/1');
    assert.match(other?.['why'] ?? '', /^its content has the hash [0-9a-f]{64}, but it was published as/);
    assert.equal(lines.length, 2);
  });

  it('one that takes too much memory is reported', async () => {
    const small = documentReader(8);
    const taker = newsTaker(book, taking(small.read));
    await taker.take(news('1', {}));
    await taker.done();
    await small.stop();
    assert.match(lines.join(), /its document takes more than 8 MB of memory to read/);
  });

  it('a thread that is killed while it reads loses nothing', async () => {
    const killed = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const taker = newsTaker(book, taking());
    await taker.take(news('1', { number: 1 }, { number: 2 }));
    await (await killed).terminate();
    await taker.done();
    assert.deepEqual(entered(book), ['1', '2']);
    assert.deepEqual(lines, []);
  });

  it('a stream that breaks while one is read loses nothing, and is resumed behind it', async () => {
    const { read, open } = gate();
    const cursors: unknown[] = [];
    const broken = new RatebookError('UNAVAILABLE', 'gone');
    const catalog = {
      watchRevisions: async function* ({ cursor }: Partial<WatchRevisionsRequest>) {
        cursors.push(cursor);
        if (cursors.length > 1) return;
        yield news('7', {});
        await Promise.reject(broken);
      },
    };
    const following = followCatalog(book, catalog, taking(read));
    while (cursors.length < 2) await nextChange(book, signal);
    open();
    while (book.loading.size > 0) await nextChange(book, signal);
    assert.deepEqual(cursors.slice(0, 2), ['', '7']);
    assert.deepEqual(entered(book), ['1']);
    stopping.abort();
    await following;
  });

  it('stops at once, whatever is being read', async () => {
    const taker = newsTaker(book, taking());
    await taker.take(news('1', { number: 1 }, { number: 2 }));
    stopping.abort();
    await reader.stop();
    await taker.done();
    assert.deepEqual([entered(book), lines], [[], []]);
  });
});
