import assert from 'node:assert/strict';
import type { Subscription } from '../../../../src/services/rating/accounts/account.js';
import { takeAccountTurns } from '../../../../src/services/rating/accounts/account-store.js';
import { setSubscriptionRevision } from '../../../../src/services/rating/accounts/set-revision.js';
import { rateDueIn } from '../../../../src/services/rating/periods/rate-due.js';
import { type Document, charge, when } from '../../../quote/priced.js';
import {
  type Periods,
  charged,
  checkBooks,
  due,
  instantOf,
  make,
  openPeriods,
  publish,
  ratingsOfPeriods,
  recorded,
  subscribed,
} from './periods.js';

const fee = (amount: number, more: Document = {}): Document => ({
  prices: { fee: { model: 'flat', amount, ...more } },
  rules: [charge('fee', 'fee', { moment: 'period' })],
});

describe('services/rating/periods: which revision charges', function () {
  this.timeout(20_000);
  let ports: Periods;
  beforeEach(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
    publish(ports, fee(30));
  });

  it('in advance that of the start, in arrears that of the last instant', async () => {
    publish(ports, fee(60), { number: 2, from: '2026-04-10T00:00:00Z' });
    const account = await subscribed(ports, '2026-04-01');
    await due(ports, account, '2026-05-01');
    assert.equal(await charged(ports, account), '2026-04-01 30, 2026-05-01 60');

    const arrears = await openPeriods();
    publish(arrears, fee(30, { bill: 'arrears' }));
    publish(arrears, fee(60, { bill: 'arrears' }), { number: 2, from: '2026-04-10T00:00:00Z' });
    const other = await subscribed(arrears, '2026-03-01');
    await due(arrears, other, '2026-05-01');
    assert.equal(await charged(arrears, other), '2026-04-01 30, 2026-05-01 60');
  });

  it('one for new subscriptions or the next period leaves a period that has begun', async () => {
    publish(ports, fee(60), { number: 2, from: '2026-04-10T00:00:00Z', appliesTo: 'next_period' });
    publish(ports, fee(90), { number: 3, from: '2026-05-10T00:00:00Z', appliesTo: 'new_subscriptions' });
    const account = await subscribed(ports, '2026-04-01');
    await due(ports, account, '2026-06-01');
    assert.equal(await charged(ports, account), '2026-04-01 30, 2026-05-01 60, 2026-06-01 60');
    const later = await subscribed(ports, '2026-05-16');
    await due(ports, later, '2026-06-01');
    // 16 of 31 days of 93.00 would be 48; of 90.00 they are 46.45….
    assert.equal(await charged(ports, later), '2026-05-16 46.451612903225806452, 2026-06-01 90');
  });

  for (const [what, anchor, start, from, appliesTo, expected] of [
    [
      'where a month begins',
      ...(['calendar', '2026-04-01', '2026-06-01T00:00:00Z', 'everyone'] as const),
      '2026-04-01 30, 2026-05-01 30, 2026-07-01 30, 2026-08-01 30',
    ],
    [
      'with the next month of each',
      ...(['subscription', '2026-04-15', '2026-06-01T00:00:00Z', 'next_period'] as const),
      '2026-04-15 30, 2026-05-15 30, 2026-07-15 30',
    ],
  ] as const)
    it(`from advance to arrears ${what}, no month is charged twice and none left out`, async () => {
      publish(ports, fee(30, { anchor }));
      publish(ports, fee(30, { anchor, bill: 'arrears' }), { number: 2, from, appliesTo });
      const account = await subscribed(ports, start);
      await due(ports, account, '2026-08-10');
      assert.equal(await charged(ports, account), expected);
    });

  it('a use is priced by the next period of the revision that its subscription is on', async () => {
    const uses = (unit_price: number, period: string): Document => ({
      period,
      facts: { units: { type: 'decimal' } },
      prices: { units: { model: 'per_unit', quantity: 'units', unit_price } },
      rules: [charge('units')],
    });
    publish(ports, uses(1, 'year'));
    publish(ports, uses(2, 'month'), { number: 2, from: '2026-04-10T00:00:00Z', appliesTo: 'next_period' });
    const account = await subscribed(ports, '2026-01-01');
    for (const day of ['2026-04-20', '2026-05-03', '2027-01-01'])
      await make(ports, account, [day, 'use', day, { units: '1' }]);
    const ratings = await ports.store.ratings.find({ account }).sort({ turn: 1 }).toArray();
    assert.deepEqual(
      ratings.map(({ revision }) => revision),
      [1, 1, 2],
    );
  });

  it('what is published for the past leaves what is charged alone, also when it is worked out again', async () => {
    const account = await subscribed(ports, '2026-04-01');
    await due(ports, account, '2026-04-05');
    publish(ports, fee(60), { number: 2, from: '2026-03-01T00:00:00Z' });
    await make(ports, account, ['2026-04-16', 'end']);
    await due(ports, account, '2026-04-20');
    assert.equal(await charged(ports, account), '2026-04-01 15');
    await checkBooks(ports, account);
  });

  for (const [from, to, start, expected] of [
    [
      ...(['UTC', 'Europe/Berlin', '2026-02-01'] as const),
      '2026-02-01 30, 2026-03-01 30, 2026-03-31T22:00:00Z 30, 2026-04-30T22:00:00Z 30',
    ],
    [
      ...(['Europe/Berlin', 'UTC', '2026-01-31T23:00:00Z'] as const),
      '2026-01-31T23:00:00Z 30, 2026-02-28T23:00:00Z 30, 2026-04-01 30, 2026-05-01 30',
    ],
  ] as const)
    it(`from ${from} to ${to}, no month is charged twice and none left out`, async () => {
      publish(ports, { ...fee(30), time_zone: from });
      const account = await subscribed(ports, start);
      await due(ports, account, '2026-03-02');
      publish(ports, { ...fee(30), time_zone: to }, { number: 2, from: '2026-03-15T00:00:00Z' });
      for (const upTo of ['2026-03-31', '2026-04-01', '2026-04-30T23:00:00Z', '2026-05-02'])
        await due(ports, account, upTo);
      assert.equal(await charged(ports, account), expected);
    });

  it('a pin holds from its instant on', async () => {
    publish(ports, fee(60), { number: 2, from: '2026-01-01T00:00:00Z' });
    const account = await subscribed(ports, '2026-04-01');
    const pin = (revision: number | undefined, at: string) => {
      const when = { kind: 'at', at: instantOf(at) } as const;
      return setSubscriptionRevision({ account, id: 'main', revision, when, request: undefined }, ports);
    };
    await due(ports, account, '2026-04-02');
    await pin(1, '2026-04-10');
    await pin(undefined, '2026-06-10');
    await due(ports, account, '2026-07-01');
    assert.equal(await charged(ports, account), '2026-04-01 60, 2026-05-01 30, 2026-06-01 30, 2026-07-01 60');
    // Set for the past, it charges anew what has begun since.
    await pin(1, '2026-04-01');
    await due(ports, account, '2026-07-01');
    assert.equal(await charged(ports, account), '2026-04-01 30, 2026-05-01 30, 2026-06-01 30, 2026-07-01 60');
    await checkBooks(ports, account);
  });

  it('nothing is charged before it is certain; what lies ahead may be rehearsed', async () => {
    const account = await subscribed(ports, '2026-04-01');
    ports.book.watermark = instantOf('2026-04-01') - 1n;
    await assert.rejects(due(ports, account, '2026-04-01'), { reason: 'UNAVAILABLE' });
    ports.book.watermark = instantOf('2026-04-10');
    ports.clock.time = instantOf('2026-04-10');
    const ahead = await ports.store.mongo.rehearsal(async (session) => {
      const [turn] = await takeAccountTurns(ports.store, [account], session);
      const [subscription] = turn?.subscriptions ?? [];
      assert.ok(turn !== undefined && subscription !== undefined);
      await rateDueIn(session, { at: turn, subscription, upTo: instantOf('2026-05-01') }, ports);
      return ports.store.ratings.countDocuments({ account }, { session });
    });
    assert.equal(ahead, 2);
    await due(ports, account, '2026-04-10');
    assert.equal(await charged(ports, account), '2026-04-01 30');
  });

  it('before the first revision there is nothing to charge for', async () => {
    const fresh = await openPeriods();
    const account = await subscribed(fresh, '2026-01-10');
    await due(fresh, account, '2026-02-10');
    publish(fresh, fee(30), { from: '2026-02-10T00:00:00Z' });
    await due(fresh, account, '2026-03-05');
    assert.equal(await charged(fresh, account), '2026-03-01 30');
  });
});

describe('services/rating/periods: lives of subscriptions', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
    publish(ports, fee(30));
  });

  const run = async (start: string | undefined, more: Partial<Subscription>, upTo: string) => {
    const account = await subscribed(ports, start, {}, more);
    await due(ports, account, upTo);
    return charged(ports, account);
  };

  for (const [name, start, more, upTo, expected] of [
    [
      'after a trial to the 16th: 15 of 30 days',
      '2026-04-01',
      { trialEndsAt: instantOf('2026-04-16') },
      '2026-05-01',
      '2026-04-16 15, 2026-05-01 30',
    ],
    ['in a trial nothing is due', '2026-04-01', { trialEndsAt: instantOf('2026-05-01') }, '2026-04-30', ''],
    [
      'that ends within its trial costs nothing',
      '2026-04-01',
      { trialEndsAt: instantOf('2026-04-16'), endsAt: instantOf('2026-04-10') },
      '2026-06-01',
      '',
    ],
    [
      'with a known end is charged up to it',
      '2026-04-01',
      { endsAt: instantOf('2026-04-11') },
      '2026-04-01',
      '2026-04-01 10',
    ],
  ] as const) {
    it(`one ${name}`, async () => {
      assert.equal(await run(start, more, upTo), expected);
    });
  }

  it('one since ever is charged from its creation on', async () => {
    ports.clock.time = instantOf('2027-04-16');
    assert.equal(await run(undefined, {}, '2027-05-01'), '2027-04-16 15, 2027-05-01 30');
  });

  it('a one-off charge: once, by the age in months of periods of its own', async () => {
    const setup = await openPeriods();
    publish(setup, {
      prices: { setup: { model: 'flat', amount: 99, anchor: 'subscription', prorate: 'none' } },
      rules: [charge('setup', 'setup', { moment: 'period', ...when('subscription_age_months', 'equal', 0) })],
    });
    const account = await subscribed(setup, '2026-01-31T10:00:00Z');
    await due(setup, account, '2026-06-01');
    assert.equal(await charged(setup, account), '2026-01-31T10:00:00Z 99');
  });

  it('says what it charged: the fact, the period, and what of it', async () => {
    const account = await subscribed(ports, '2026-04-16');
    await due(ports, account, '2026-04-16');
    const [rating] = await ratingsOfPeriods(ports, account);
    assert.deepEqual(
      [rating?.usageId, rating?.moment, rating?.period, rating?.part?.service],
      [
        'ratebook:period:main:month 2026-04-01T00:00:00Z:advance',
        'period',
        { start: instantOf('2026-04-01'), end: instantOf('2026-05-01') },
        { start: instantOf('2026-04-16'), end: instantOf('2026-05-01') },
      ],
    );
    assert.equal(await recorded(ports, account), '2026-04-16 15');
  });
});
