import assert from 'node:assert/strict';
import { createLog } from '../../../../src/platform/log.js';
import { takeLease } from '../../../../src/platform/mongo/lease.js';
import { WORK, runDue } from '../../../../src/services/rating/periods/run-due.js';
import { charge } from '../../../quote/priced.js';
import { at } from '../../catalog/catalog.js';
import { type Periods, charged, make, openPeriods, publish, subscribed } from './periods.js';

const FEE = {
  prices: { fee: { model: 'flat', amount: 30 } },
  rules: [charge('fee', 'fee', { moment: 'period' })],
};

describe('services/rating/periods: the background run', function () {
  this.timeout(20_000);
  let ports: Periods;
  beforeEach(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
    publish(ports, FEE);
  });

  const run = (holder: string, by = ports) =>
    runDue(by, { holder, signal: new AbortController().signal, log: createLog('silent') });
  const until = (text: string) => {
    ports.clock.time = at(text);
  };

  it('charges all that is due, once, however many processes run', async () => {
    const accounts = await Promise.all([1, 2, 3, 4, 5].map(() => subscribed(ports, '2026-01-01')));
    until('2026-02-10T00:00:00Z');
    await Promise.all(['a', 'b', 'c'].map((holder) => run(holder)));
    await run('a');
    await run('b');
    await run('c');
    for (const account of accounts)
      assert.equal(await charged(ports, account), '2026-01-01 30, 2026-02-01 30');
    assert.equal(await ports.store.ratings.countDocuments(), 10);
  });

  it('leaves alone what is not due before the next period, until something changes', async () => {
    const account = await subscribed(ports, '2026-01-01');
    await run('a');
    const dueNext = async () => (await ports.store.subscriptions.findOne({ account }))?.dueNext;
    assert.equal(await dueNext(), at('2026-02-01T00:00:00Z'));
    await make(ports, account, ['2026-01-16', 'end']);
    assert.equal(await dueNext(), 0n);
    until('2026-01-20T00:00:00Z');
    await run('a');
    assert.equal(await charged(ports, account), '2026-01-01 14.516129032258064516');
    until('2026-02-01T00:00:00Z');
    await run('a');
    assert.equal(await dueNext(), undefined);
  });

  it('looks again at once for what a new subscription is on, and later now and then', async () => {
    const behind = await openPeriods();
    const account = await subscribed(behind, '2026-01-01');
    const dueNext = async () => (await behind.store.subscriptions.findOne({ account }))?.dueNext;
    await run('a', behind);
    assert.equal(await dueNext(), at('2026-01-01T00:00:00Z'));
    behind.clock.time = at('2026-01-01T00:01:00Z');
    await run('a', behind);
    assert.equal(await dueNext(), at('2026-01-01T01:01:00Z'));
    behind.clock.time = at('2026-01-01T01:01:00Z');
    publish(behind, FEE);
    await run('a', behind);
    assert.equal(await charged(behind, account), '2026-01-01 30');
  });

  it('leaves what is due as it is while a revision is still being read', async () => {
    const behind = await openPeriods();
    const account = await subscribed(behind, '2026-01-01');
    behind.clock.time = at('2026-01-20T00:00:00Z');
    const head = { number: 1, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false } as const;
    const loading = { strategy: 'test', head };
    behind.book.loading.add(loading);
    await run('a', behind);
    assert.equal((await behind.store.subscriptions.findOne({ account }))?.dueNext, 0n);
    publish(behind, FEE);
    behind.book.loading.delete(loading);
    await run('a', behind);
    assert.equal(await charged(behind, account), '2026-01-01 30');
  });

  it('tells once of each period that has ended, the one in which a subscription ends among them', async () => {
    const account = await subscribed(ports, '2026-01-15');
    until('2026-03-10T00:00:00Z');
    await make(ports, account, ['2026-03-05', 'end']);
    await run('a');
    until('2026-05-10T00:00:00Z');
    await run('a');
    const events = await ports.store.events
      .find({ type: 'ratebook.period.closed' })
      .sort({ at: 1 })
      .toArray();
    assert.deepEqual(
      events.map(({ data }) => data['period_end']),
      ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    );
  });

  it('a process whose lease has passed to another writes nothing more', async () => {
    const account = await subscribed(ports, '2026-01-01');
    await ports.store.subscriptions.updateOne({ account }, { $set: { fence: 5n } });
    await run('a');
    assert.equal(await charged(ports, account), '');
    for (const holder of ['b', 'c', 'd', 'e'])
      await takeLease(ports.store.leases, { work: WORK, holder, ms: 0 });
    await ports.store.leases.updateOne({ _id: WORK }, { $set: { until: new Date(0), token: 5n } });
    await run('f');
    assert.equal(await charged(ports, account), '2026-01-01 30');
  });

  it('one that cannot be charged holds up no other', async () => {
    publish(ports, {
      facts: { 'subscription.fee': { type: 'decimal' } },
      prices: { fee: { model: 'flat', amount: { fact: 'subscription.fee' } } },
      rules: [charge('fee', 'fee', { moment: 'period' })],
    });
    const without = await subscribed(ports, '2026-01-01');
    const account = await subscribed(ports, '2026-01-01', { fee: '7' });
    await run('a');
    await run('a');
    assert.equal(await charged(ports, account), '2026-01-01 7');
    const [waiting, ...others] = await ports.store.unpriced.find().toArray();
    assert.deepEqual(others, []);
    assert.ok(waiting);
    assert.equal(waiting.usageId, 'ratebook:period:main:month 2026-01-01T00:00:00Z:advance');
    assert.equal(waiting.account, without);
    assert.match(waiting.message, /subscription\.fee/);
    await make(ports, without, ['2026-01-01', 'set', { fee: '9' }]);
    await run('a');
    assert.equal(await charged(ports, without), '2026-01-01 9');
    assert.equal(await ports.store.unpriced.countDocuments(), 0);
  });
});
