import assert from 'node:assert/strict';
import type { RatebookError } from '../../../src/errors/error.js';
import { AppliesTo } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../../src/platform/grpc/timestamp.js';
import { testMongo } from '../../mongo.js';
import { document, openCatalog, refusal, seconds, timestamp, type Catalog } from './catalog.js';

describe('services/catalog: publish', () => {
  let catalog: Catalog;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    catalog = await openCatalog();
  });

  const publish = async (more: object = {}) => {
    const { revision } = await catalog.client.publishRevision({ source: document('llm'), ...more });
    assert.ok(revision);
    return revision;
  };

  it('the first revision: number, hash, times, who, and the text as it was sent', async () => {
    const source = document('llm');
    const attachments = [{ fileName: 'zones.csv', text: 'a,b\n' }];
    const revision = await publish({ source: { ...source, attachments }, note: 'why' });
    const now = catalog.clock.now();
    assert.equal(revision.name, 'strategies/llm/revisions/1');
    assert.equal(revision.number, 1n);
    assert.match(revision.contentHash, /^[0-9a-f]{64}$/);
    assert.equal(revision.format, 1);
    assert.equal(fromTimestamp(revision.publishedAt!), now);
    assert.equal(fromTimestamp(revision.effectiveFrom!), now + seconds(5));
    assert.equal(revision.backdated, false);
    assert.equal(revision.publishedBy, 'ann');
    assert.equal(revision.note, 'why');
    assert.equal(revision.appliesTo, AppliesTo.EVERYONE);
    assert.equal(revision.source, undefined);

    const got = (await catalog.client.getRevision({ name: revision.name })).revision;
    assert.equal(got?.source?.text, source.text);
    assert.deepEqual(
      got.source.attachments.map((a) => [a.fileName, a.text]),
      [['zones.csv', 'a,b\n']],
    );
    assert.equal(got.contentHash, revision.contentHash);
  });

  it('keeps the canonical document', async () => {
    const { contentHash } = await publish();
    const stored = await catalog.ports.store.revisions.findOne({});
    assert.equal(stored?.contentHash, contentHash);
    assert.ok(stored.canonical.length > 0);
  });

  it('a time in the past is kept and marked; one in the future is not; the nanosecond counts', async () => {
    const past = await publish({ effectiveFrom: timestamp('2020-01-01T00:00:00Z') });
    assert.equal(past.backdated, true);
    const exact = { seconds: 1_900_000_000n, nanos: 123_456_789 };
    const future = await publish({ effectiveFrom: exact });
    assert.equal(future.backdated, false);
    assert.equal(fromTimestamp(future.effectiveFrom!), 1_900_000_000_123_456_789n);
  });

  it('the same content again is another revision with the same hash', async () => {
    const [first, second] = [await publish(), await publish()];
    assert.equal(second.number, 2n);
    assert.equal(second.contentHash, first.contentHash);
  });

  it('base: the newest or none; else STALE_BASE names the newest', async () => {
    assert.equal((await publish({ base: 0n })).number, 1n);
    await assert.rejects(publish({ base: 0n }), refusal('STALE_BASE', /newest revision of llm is 1, not 0/));
    assert.equal((await publish({ base: 1n })).number, 2n);
    await assert.rejects(publish({ base: 1n }), (error: RatebookError) => {
      assert.deepEqual(error.metadata, { strategy: 'llm', base: '1', newest: '2' });
      return refusal('STALE_BASE', /publish with base 2/)(error);
    });
    const other = publish({ source: document('other'), base: 3n });
    await assert.rejects(other, refusal('STALE_BASE', /no revision yet/));
  });

  it('two at one instant: EFFECTIVE_FROM_TAKEN, unless the other strategy has it or it was withdrawn', async () => {
    const effectiveFrom = timestamp('2027-01-01T00:00:00Z');
    const first = await publish({ effectiveFrom });
    await assert.rejects(
      publish({ effectiveFrom }),
      refusal('EFFECTIVE_FROM_TAKEN', /Revision 1 of llm .* 2027-01-01T00:00:00Z/),
    );
    await publish({ effectiveFrom, source: document('other') });
    await catalog.client.withdrawRevision({ name: first.name });
    assert.equal((await publish({ effectiveFrom })).number, 2n);
  });

  it('twenty at once without a base: numbers without gap or double, each with an instant of its own', async () => {
    const revisions = await Promise.all(Array.from({ length: 20 }, () => publish()));
    const numbers = revisions.map((r) => Number(r.number)).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.equal(new Set(revisions.map((r) => fromTimestamp(r.effectiveFrom!))).size, 20);
  });

  it('twenty at once on one base: exactly one wins', async () => {
    await publish();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => publish({ base: 1n })));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') refusal('STALE_BASE')(outcome.reason as RatebookError);
  });

  it('ten times the same request at once: one revision, ten equal answers', async () => {
    const same = { requestId: 'r-1', note: 'once' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => publish(same)));
    assert.deepEqual(
      new Set(answers.map((revision) => revision.name)),
      new Set(['strategies/llm/revisions/1']),
    );
    const listed = await catalog.client.listRevisions({ parent: 'strategies/llm' });
    assert.equal(listed.revisions.length, 1);
  });

  it('a repeat gets the first answer, later and with a base that is stale by now', async () => {
    const first = await publish({ requestId: 'r-1', base: 0n });
    await publish();
    catalog.clock.time += seconds(3600);
    assert.deepEqual(await publish({ requestId: 'r-1', base: 0n }), first);
  });

  it('the same id with another body or method is refused; of another caller it is another request', async () => {
    await publish({ requestId: 'r-1' });
    await assert.rejects(publish({ requestId: 'r-1', note: 'x' }), refusal('REQUEST_ID_REUSED', /"r-1"/));
    const rollBack = catalog.client.rollBackStrategy({
      name: 'strategies/llm/revisions/1',
      requestId: 'r-1',
    });
    await assert.rejects(rollBack, refusal('REQUEST_ID_REUSED'));
    const other = await catalog.as('bob').publishRevision({ source: document('llm'), requestId: 'r-1' });
    assert.equal(other.revision?.number, 2n);
  });

  it('a request that was refused may be sent again under the same id', async () => {
    await assert.rejects(publish({ requestId: 'r-1', base: 1n }), refusal('STALE_BASE'));
    await publish();
    assert.equal((await publish({ requestId: 'r-1', base: 1n })).number, 2n);
  });

  it('stored requests expire after thirty days', async () => {
    const indexes = await catalog.ports.store.requests.indexes();
    assert.deepEqual(
      indexes.map((index) => index.expireAfterSeconds).filter((s) => s !== undefined),
      [2_592_000],
    );
  });

  it('validate_only answers what would be stored and stores nothing', async () => {
    const preview = await publish({ validateOnly: true, requestId: 'r-1' });
    assert.equal(preview.number, 1n);
    await assert.rejects(
      catalog.client.listRevisions({ parent: 'strategies/llm' }),
      refusal('STRATEGY_NOT_FOUND'),
    );
    assert.equal((await publish({ requestId: 'r-1' })).number, 1n);
    await assert.rejects(publish({ validateOnly: true, base: 0n }), refusal('STALE_BASE'));
  });

  it('everything that is wrong with a request is told at once', async () => {
    const wrong = publish({
      source: { fileName: '', text: '', attachments: [{ fileName: 'a.csv' }, { fileName: 'a.csv' }] },
      base: -1n,
      effectiveFrom: { seconds: -5n, nanos: 0 },
      note: 'x'.repeat(1001),
      requestId: 'x'.repeat(129),
      appliesTo: 9,
    });
    await assert.rejects(wrong, (error: RatebookError) => {
      assert.equal(error.reason, 'INVALID_REQUEST');
      assert.deepEqual(
        error.violations.map(({ field }) => field),
        [
          'source.file_name',
          'source.attachments[1].file_name',
          'base',
          'effective_from',
          'applies_to',
          'note',
          'request_id',
        ],
      );
      return true;
    });
  });
});
