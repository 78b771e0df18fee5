import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchRevisionsResponse } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { systemClock } from '../../../src/platform/clock.js';
import { fromTimestamp } from '../../../src/platform/grpc/timestamp.js';
import { connectMongo } from '../../../src/platform/mongo/connect.js';
import { startEmbedded } from '../../../src/platform/mongo/embedded.js';
import { newsBetween } from '../../../src/services/catalog/store.js';
import { currentHead } from '../../../src/services/catalog/watermark.js';
import { testMongo } from '../../mongo.js';
import { document, openCatalog, refusal, seconds, setClock, timestamp, type Catalog } from './catalog.js';

type Message = WatchRevisionsResponse;

/** Reads on until the predicate holds; what was read is returned. */
async function readUntil(
  stream: AsyncIterator<Message>,
  done: (message: Message) => boolean,
): Promise<Message[]> {
  const read: Message[] = [];
  for (;;) {
    const next = await stream.next();
    assert.ok(next.done !== true);
    read.push(next.value);
    if (done(next.value)) return read;
  }
}
const watermarkOf = ({ watermark }: Message) =>
  watermark === undefined ? undefined : fromTimestamp(watermark);
const isWatermark = (message: Message) => message.watermark !== undefined;
const namesOf = (messages: readonly Message[]) =>
  messages.flatMap(({ revisions }) => revisions.map(({ strategy, number }) => `${strategy}/${number}`));

describe('services/catalog: watch', () => {
  let catalog: Catalog;
  let stop: AbortController;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    catalog = await openCatalog();
    stop = new AbortController();
  });
  afterEach(() => {
    stop.abort();
  });

  const watch = (cursor = '') =>
    catalog.client.watchRevisions({ cursor }, { signal: stop.signal })[Symbol.asyncIterator]();
  const publish = (strategy: string, more: object = {}) =>
    catalog.client.publishRevision({ source: document(strategy), ...more });

  it('everything so far in the order of publication with its source, then a watermark, then what happens', async () => {
    for (const strategy of ['bb', 'aa', 'bb']) await publish(strategy);
    const stream = watch();
    const before = await readUntil(stream, isWatermark);
    assert.deepEqual(namesOf(before), ['bb/1', 'aa/1', 'bb/2']);
    assert.deepEqual(
      before.map(({ cursor }) => cursor),
      ['1', '2', '3', '3'],
    );
    assert.equal(before[0]?.revisions[0]?.source?.text, document('bb').text);

    await publish('aa');
    const added = await readUntil(stream, ({ revisions }) => revisions.length > 0);
    assert.deepEqual(namesOf(added), ['aa/2']);
    await catalog.client.withdrawRevision({ name: 'strategies/aa/revisions/2' });
    const [withdrawn] = (await readUntil(stream, ({ revisions }) => revisions.length > 0)).at(-1)!.revisions;
    assert.equal(withdrawn?.name, 'strategies/aa/revisions/2');
    assert.ok(withdrawn.withdrawnAt);
  });

  it('resumes after a cursor, in the middle of a long list too', async () => {
    for (let i = 0; i < 20; i++) await publish('aa');
    const first = await readUntil(watch(), ({ cursor }) => cursor === '11');
    const rest = await readUntil(watch(first.at(-1)?.cursor), isWatermark);
    assert.equal(namesOf(first).length, 11);
    assert.deepEqual(
      namesOf(rest),
      Array.from({ length: 9 }, (_, i) => `aa/${12 + i}`),
    );
  });

  it('the watermark runs three seconds ahead of the clock, and never goes back', async () => {
    const stream = watch();
    const [first] = await readUntil(stream, isWatermark);
    assert.equal(watermarkOf(first!), catalog.clock.now() + seconds(3));
    catalog.clock.time += seconds(2_678_400);
    const later = catalog.clock.now() + seconds(3);
    await readUntil(stream, (message) => watermarkOf(message) === later);
    catalog.clock.time -= seconds(3600);
    assert.equal(watermarkOf((await stream.next()).value as Message), later);
  });

  it('under the watermark a time that is given is backdated, one that is not given lands above it', async () => {
    await readUntil(watch(), isWatermark);
    const inTwoSeconds = await publish('aa', { effectiveFrom: timestamp('2026-03-01T00:00:02Z') });
    assert.equal(inTwoSeconds.revision?.backdated, true);
    const inFour = await publish('aa', { effectiveFrom: timestamp('2026-03-01T00:00:04Z') });
    assert.equal(inFour.revision?.backdated, false);
    catalog.clock.time -= seconds(3600);
    const { revision } = await publish('aa');
    assert.equal(revision?.backdated, false);
    assert.ok(fromTimestamp(revision.effectiveFrom!) > catalog.clock.now() + seconds(3603));
  });

  for (const [cursor, text] of [
    ['x', /not a cursor/],
    ['-1', /not a cursor/],
    ['1', /ahead of this catalog, which is at 0/],
  ] as const) {
    it(`the cursor ${cursor} is refused`, () =>
      assert.rejects(watch(cursor).next(), refusal('INVALID_REQUEST', text)));
  }

  it('ends when its caller goes', async () => {
    const stream = watch();
    await readUntil(stream, isWatermark);
    const waiting = readUntil(stream, () => false);
    stop.abort();
    await assert.rejects(waiting, refusal('CANCELLED'));
  });

  /**
   * Publishers with times around the watermark against observers that raise it, on a clock that hurries so that the
   * watermark is where it hurts. Nobody who saw a watermark may later learn of a revision at or below it.
   */
  it('while many publish at once, the watermark keeps its word', async function () {
    this.timeout(60_000);
    const start = setClock();
    const clock = { time: start.time, now: () => (clock.time += seconds(0.05)) };
    catalog = await openCatalog(clock);
    const seen: { watermark: bigint; known: Set<string> }[] = [];
    let publishing = true;
    const observe = async () => {
      const known = new Set<string>();
      let after = 0n;
      while (publishing) {
        const head = await currentHead(catalog.ports);
        for (const { sequence, revision } of await newsBetween(
          catalog.ports.store,
          after,
          head.sequence,
          1_000,
        )) {
          known.add(`${revision.strategy}/${revision.number}`);
          after = sequence;
        }
        assert.equal(after, head.sequence);
        seen.push({ watermark: head.watermark, known: new Set(known) });
      }
    };
    const publishMany = async (worker: number) => {
      for (let i = 0; i < 8; i++) {
        const ahead = clock.time + seconds(((worker * 7 + i * 3) % 13) / 2);
        const effectiveFrom = {
          seconds: ahead / seconds(1),
          nanos: Number(ahead % seconds(1)) + worker * 100 + i,
        };
        await publish(`strategy-${worker}`, i % 3 === 0 ? {} : { effectiveFrom });
      }
    };
    const observers = Promise.all([observe(), observe(), observe()]);
    await Promise.all(Array.from({ length: 6 }, (_, worker) => publishMany(worker)));
    publishing = false;
    await observers;

    const all = await newsBetween(catalog.ports.store, 0n, 1_000n, 1_000);
    assert.equal(all.length, 48);
    const promised = all.map(({ revision }) => revision).filter(({ backdated }) => !backdated);
    assert.ok(promised.length > 10 && promised.length < 48);
    for (const { watermark, known } of seen) {
      const missing = promised.filter(
        (r) => r.effectiveFrom <= watermark && !known.has(`${r.strategy}/${r.number}`),
      );
      assert.deepEqual(missing, []);
    }
  });

  it('stays open while MongoDB is away, and calls say UNAVAILABLE', async function () {
    this.timeout(60_000);
    const dir = await mkdtemp(join(tmpdir(), 'ratebook-watch-'));
    const start = () => startEmbedded(dir, { env: process.env, onProgress: console.warn });
    let server = await start();
    const mongo = await connectMongo(server.uri);
    catalog = await openCatalog(Object.assign(setClock(), systemClock), mongo);
    const stream = watch();
    await publish('aa');
    await readUntil(stream, ({ revisions }) => revisions.length > 0);

    await server.stop();
    await assert.rejects(publish('aa'), refusal('UNAVAILABLE', /database cannot be reached/));
    await assert.rejects(catalog.client.getRevision({ name: 'strategies/aa' }), refusal('UNAVAILABLE'));

    server = await start();
    await publish('bb');
    const after = await readUntil(stream, ({ revisions }) => revisions.length > 0);
    assert.deepEqual(namesOf(after), ['bb/1']);
    stop.abort();
    await mongo.close();
    await server.stop();
    await rm(dir, { recursive: true });
  });
});
