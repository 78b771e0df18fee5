import assert from 'node:assert/strict';
import { fromTimestamp } from '../../../../src/platform/grpc/timestamp.js';
import { enter } from '../../../../src/services/rating/revisions/revision-book.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import { testMongo } from '../../../mongo.js';
import { type Document, charge, strategyFrom } from '../../../quote/priced.js';
import { at, refusal, timestamp } from '../../catalog/catalog.js';
import { type Accounts, create, openAccounts, string, subscribe } from './accounts.js';

const main = 'accounts/acme/subscriptions/main';
const next = { name: 'accounts/acme/subscriptions/pro', strategy: 'strategies/pro' };

describe('services/rating/accounts: changes of plan', () => {
  let accounts: Accounts;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  // It is 1 March 2026.
  beforeEach(async () => {
    accounts = await openAccounts();
    await create(accounts.client, 'acme');
    await subscribe(accounts.client, main, { startsAt: timestamp('2026-01-15T00:00:00Z') });
  });
  afterEach(() => accounts.close());

  const get = async (name: string) => (await accounts.client.getSubscription({ name })).subscription!;
  const change = (more: object = {}) => accounts.client.changePlan({ name: main, next, ...more });
  const endOf = (subscription: { endsAt?: Parameters<typeof fromTimestamp>[0] }) =>
    fromTimestamp(subscription.endsAt!);

  /** Lets rating know the strategy that `main` is on. */
  const publish = (more: Document = {}) => {
    const fee = { model: 'flat', amount: 1, ...more };
    const rules = [charge('fee', 'fee', { moment: 'period' })];
    const strategy = strategyFrom({ strategy: 'llm', prices: { fee }, rules });
    const head = { number: 1, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false } as const;
    enter(accounts.ports.book, { head, contentHash: '', strategy, engine: referenceEngine(strategy) });
  };

  it('one ends where the other starts, now unless told when', async () => {
    const { ended, started } = await change();
    assert.equal(endOf(ended!), accounts.clock.now());
    assert.equal(fromTimestamp(started!.startsAt!), accounts.clock.now());
    assert.deepEqual([await get(main), await get(next.name)], [ended, started]);
    assert.equal(started?.strategy, 'strategies/pro');
    assert.equal(ended?.keepsCharged, false);
  });

  it('at an instant, and keeping what was charged', async () => {
    const instant = timestamp('2026-03-10T00:00:00Z');
    const { ended, started } = await change({ at: instant, keepCharged: true });
    assert.deepEqual([ended?.endsAt, started?.startsAt, ended?.keepsCharged], [instant, instant, true]);
  });

  for (const [name, price, end] of [
    ['of the calendar', {}, '2026-04-01T00:00:00Z'],
    ['of its own', { anchor: 'subscription' }, '2026-03-15T00:00:00Z'],
  ] as const) {
    it(`at the end of the period ${name}`, async () => {
      publish(price);
      const { ended } = await change({ atPeriodEnd: true });
      assert.equal(endOf(ended!), at(end));
    });
  }

  it('is made once for a request id', async () => {
    const first = await change({ requestId: 'r' });
    assert.deepEqual(await change({ requestId: 'r' }), first);
    await assert.rejects(change({ requestId: 'r', keepCharged: true }), refusal('REQUEST_ID_REUSED'));
  });

  for (const [name, request, reason, text] of [
    ['to the same id', { next: { ...next, name: main } }, 'SUBSCRIPTION_EXISTS', /"main" already/],
    ['of one that there is not', { name: `${main}s` }, 'SUBSCRIPTION_NOT_FOUND', /"mains"/],
    [
      'before its start',
      { at: timestamp('2026-01-15T00:00:00Z') },
      'INVALID_REQUEST',
      /at: .*not after the start/,
    ],
    [
      'to one that is over by then',
      {
        at: timestamp('2026-03-10T00:00:00Z'),
        next: { ...next, endsAt: timestamp('2026-03-10T00:00:00Z') },
      },
      'INVALID_REQUEST',
      /next\.ends_at: .*not after the change/,
    ],
    [
      'to another account',
      { next: { ...next, name: 'accounts/other/subscriptions/pro' } },
      'INVALID_REQUEST',
      /next\.name: .*not of accounts\/acme/,
    ],
    ['to nothing', { next: undefined }, 'INVALID_REQUEST', /next: is not set/],
    [
      'to a strategy without a name',
      { next: { ...next, strategy: '' } },
      'INVALID_REQUEST',
      /next\.strategy/,
    ],
    [
      'at the end of a period that nobody knows',
      { atPeriodEnd: true },
      'STRATEGY_NOT_FOUND',
      /periods of llm are not known/,
    ],
  ] as const) {
    it(`${name} is refused, and nothing is changed`, async () => {
      const before = await get(main);
      await assert.rejects(change(request), refusal(reason, text));
      assert.deepEqual(await get(main), before);
      await assert.rejects(get(next.name), refusal('SUBSCRIPTION_NOT_FOUND'));
    });
  }

  it('of one that has ended is refused', async () => {
    await accounts.client.endSubscription({ name: main, endsAt: timestamp('2026-02-01T00:00:00Z') });
    await assert.rejects(change(), refusal('NOT_LIVE', /ends at 2026-02-01T00:00:00Z already/));
  });

  it('an end, attributes and a revision count from the end of the period', async () => {
    publish();
    const april = timestamp('2026-04-01T00:00:00Z');
    const atPeriodEnd = true;
    await accounts.client.setSubscriptionAttributes({
      name: main,
      change: { values: { seats: string('5') } },
      atPeriodEnd,
    });
    await accounts.client.setSubscriptionRevision({ name: main, pin: { revision: 1n }, atPeriodEnd });
    await accounts.client.endSubscription({ name: main, atPeriodEnd, keepCharged: true });
    const { attributes, pins, endsAt, keepsCharged } = await get(main);
    assert.deepEqual(
      [attributes[0]?.from, pins[0]?.from, pins[0]?.revision, endsAt, keepsCharged],
      [april, april, 1n, april, true],
    );
  });

  it('a revision counts from now unless told when, and must be named', async () => {
    const set = (pin?: object) => accounts.client.setSubscriptionRevision({ name: main, pin });
    const { subscription } = await set({ revision: 3n });
    assert.equal(fromTimestamp(subscription!.pins[0]!.from!), accounts.clock.now());
    await assert.rejects(set(), refusal('INVALID_REQUEST', /pin: is not set/));
    await assert.rejects(set({ revision: -1n }), refusal('INVALID_REQUEST', /pin\.revision/));
  });
});
