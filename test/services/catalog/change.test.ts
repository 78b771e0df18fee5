import assert from 'node:assert/strict';
import { AppliesTo } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../../src/platform/grpc/timestamp.js';
import { currentHead } from '../../../src/services/catalog/watermark.js';
import { testMongo } from '../../mongo.js';
import { document, openCatalog, refusal, seconds, timestamp, type Catalog } from './catalog.js';

describe('services/catalog: withdraw, roll back, get', () => {
  let catalog: Catalog;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    catalog = await openCatalog();
  });

  const publish = (price: string, more: object = {}) =>
    catalog.client.publishRevision({ source: document('llm', price), ...more });
  const withdraw = (number: number, requestId = '') =>
    catalog.client.withdrawRevision({ name: `strategies/llm/revisions/${number}`, requestId });
  const rollBack = (number: number, more: object = {}) =>
    catalog.client.rollBackStrategy({ name: `strategies/llm/revisions/${number}`, ...more });

  it('withdraws before the effective time; again is no change', async () => {
    await publish('1');
    const first = await withdraw(1);
    assert.equal(fromTimestamp(first.revision!.withdrawnAt!), catalog.clock.now());
    catalog.clock.time += seconds(60);
    assert.deepEqual(await withdraw(1), first);
    const { revision } = await catalog.client.getRevision({ name: 'strategies/llm/revisions/1' });
    assert.deepEqual(revision?.withdrawnAt, first.revision?.withdrawnAt);
  });

  it('at the effective time it is too late, a nanosecond before it is not', async () => {
    await publish('1');
    await publish('2');
    catalog.clock.time += seconds(5);
    await assert.rejects(
      withdraw(1),
      refusal('ALREADY_EFFECTIVE', /Revision 1 of llm.*2026-03-01T00:00:05Z/),
    );
    // The second one was published in the same millisecond, so it follows a millisecond later.
    catalog.clock.time += 999_999n;
    assert.ok((await withdraw(2)).revision?.withdrawnAt);
  });

  it('once the watermark has passed the effective time it is too late, whatever the clock says', async () => {
    await publish('1');
    await currentHead({ ...catalog.ports, clock: { now: () => catalog.clock.now() + seconds(2) } });
    await assert.rejects(withdraw(1), refusal('ALREADY_EFFECTIVE'));
  });

  it('a repeated withdrawal gets its answer even when it would be too late', async () => {
    await publish('1');
    const first = await withdraw(1, 'w-1');
    catalog.clock.time += seconds(60);
    assert.deepEqual(await withdraw(1, 'w-1'), first);
    await assert.rejects(withdraw(2, 'w-1'), refusal('REQUEST_ID_REUSED'));
  });

  it('rolling back publishes the earlier document again', async () => {
    await publish('1', { appliesTo: AppliesTo.NEXT_PERIOD });
    await publish('2');
    catalog.clock.time += seconds(60);
    const { revision } = await rollBack(1, { note: 'too dear', base: 2n });
    const earlier = (await catalog.client.getRevision({ name: 'strategies/llm/revisions/1' })).revision;
    assert.equal(revision?.number, 3n);
    assert.equal(revision.rolledBackTo, 1n);
    assert.ok(earlier);
    assert.equal(revision.contentHash, earlier.contentHash);
    assert.equal(revision.appliesTo, AppliesTo.EVERYONE);
    assert.equal(fromTimestamp(revision.effectiveFrom!), catalog.clock.now() + seconds(5));
    const again = (await catalog.client.getRevision({ name: 'strategies/llm' })).revision;
    assert.deepEqual(again?.source, earlier.source);
  });

  it('rolling back minds base, effective_from and request_id as publishing does', async () => {
    const effectiveFrom = timestamp('2027-01-01T00:00:00Z');
    await publish('1', { effectiveFrom });
    await assert.rejects(rollBack(1, { base: 0n }), refusal('STALE_BASE'));
    await assert.rejects(rollBack(1, { effectiveFrom }), refusal('EFFECTIVE_FROM_TAKEN'));
    const first = await rollBack(1, { requestId: 'b-1' });
    assert.deepEqual(await rollBack(1, { requestId: 'b-1' }), first);
    assert.equal((await catalog.client.listRevisions({ parent: 'strategies/llm' })).revisions.length, 2);
  });

  it('a strategy by its name is its newest revision that is not withdrawn', async () => {
    await publish('1');
    await publish('2');
    await withdraw(2);
    assert.equal((await catalog.client.getRevision({ name: 'strategies/llm' })).revision?.number, 1n);
    await withdraw(1);
    await assert.rejects(
      catalog.client.getRevision({ name: 'strategies/llm' }),
      refusal('STRATEGY_NOT_FOUND', /Every revision of "llm" is withdrawn.*newest is 2/),
    );
  });

  it('what is not there is told with what is', async () => {
    await publish('1');
    const get = (name: string) => catalog.client.getRevision({ name });
    await assert.rejects(get('strategies/gone'), refusal('STRATEGY_NOT_FOUND', /no strategy "gone"/));
    await assert.rejects(
      get('strategies/gone/revisions/1'),
      refusal('STRATEGY_NOT_FOUND', /no strategy "gone"/),
    );
    await assert.rejects(
      get('strategies/llm/revisions/7'),
      refusal('REVISION_NOT_FOUND', /no revision 7; its newest is 1/),
    );
    await assert.rejects(withdraw(7), refusal('REVISION_NOT_FOUND'));
    await assert.rejects(rollBack(7), refusal('REVISION_NOT_FOUND'));
  });

  for (const name of [
    '',
    'llm',
    'strategies/',
    'strategies/LLM',
    'strategies/llm/revisions/0',
    'strategies/llm/revisions/1/x',
  ]) {
    it(`the name ${JSON.stringify(name)} is refused`, async () => {
      await assert.rejects(catalog.client.getRevision({ name }), refusal('INVALID_REQUEST', /name:/));
      await assert.rejects(catalog.client.withdrawRevision({ name }), refusal('INVALID_REQUEST', /name:/));
    });
  }
});
