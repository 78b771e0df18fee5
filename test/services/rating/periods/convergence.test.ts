import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plus } from '../../../../src/money/arithmetic.js';
import { ZERO, formatDecimal } from '../../../../src/money/decimal.js';
import { round } from '../../../../src/money/rounding.js';
import { type Document, charge } from '../../../quote/priced.js';
import {
  type Change,
  type Periods,
  checkBooks,
  due,
  make,
  openPeriods,
  publish,
  ratingsOfPeriods,
  subscribed,
} from './periods.js';

const period = { moment: 'period' };
const seats = { model: 'per_unit', quantity: 'subscription.seats', unit_price: 30 };

/** One price of every kind. */
const ALL: Document = {
  facts: {
    'subscription.seats': { type: 'decimal', default: 1 },
    level: { type: 'decimal', default: 0 },
    region: { type: 'string', default: 'eu' },
  },
  prices: {
    ahead: seats,
    after: { ...seats, bill: 'arrears', prorate: 'seconds' },
    once: { ...seats, prorate: 'none' },
    last: { ...seats, prorate: 'none', bill: 'arrears' },
    own: { ...seats, anchor: 'subscription' },
    yearly: { ...seats, period: 'year', anchor: 'subscription' },
    level: { model: 'per_unit', quantity: 'level', unit_price: 1, aggregate: 'max', group_by: ['region'] },
  },
  rules: [
    ...['ahead', 'after', 'once', 'last', 'own', 'yearly'].map((price) => charge(price, price, period)),
    charge('level'),
  ],
};

const DAYS = Array.from({ length: 75 }, (_, i) => new Date(Date.UTC(2026, 2, 10 + i)).toISOString());
const early = fc.constantFrom(...DAYS.slice(0, 40));
const any = fc.constantFrom(...DAYS);
const count = fc.integer({ min: 0, max: 4 }).map((number) => ({ seats: `${number}` }));

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(any, fc.constantFrom('set' as const, 'next' as const), count),
  fc.tuple(fc.constantFrom(...DAYS.slice(40)), fc.constantFrom('end' as const, 'end kept' as const)),
  fc
    .record({ at: early, id: fc.uuid(), level: fc.nat(9), region: fc.constantFrom('eu', 'us') })
    .map(({ at, id, level, region }): Change => [at, 'use', id, { level: `${level}`, region }]),
);

describe('services/rating/periods: changes in any order', function () {
  this.timeout(60_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
    publish(ports, ALL);
    ports.clock.time = 4_000_000_000_000_000_000n;
  });

  /** What each period comes to after all; pieces may have been cut to 18 digits more than once. */
  const sums = async (account: string): Promise<Readonly<Record<string, string>>> => {
    const found = new Map<string, typeof ZERO>();
    for (const { usageId, amount } of await ratingsOfPeriods(ports, account))
      found.set(usageId, plus(found.get(usageId) ?? ZERO, amount));
    const texts = [...found].map(([id, sum]) => [id, formatDecimal(round(sum, 12, 'half_even'))] as const);
    return Object.fromEntries(texts.filter(([, sum]) => sum !== '0'));
  };

  it('rated step by step they come to the same as rated once at the end', async () => {
    const steps = fc.array(fc.tuple(change, fc.option(any)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const stepwise = await subscribed(ports, '2026-03-10');
        const atOnce = await subscribed(ports, '2026-03-10');
        for (const [one, upTo] of all) {
          await make(ports, stepwise, one);
          await make(ports, atOnce, one);
          if (upTo !== null) await due(ports, stepwise, upTo);
        }
        for (const account of [stepwise, atOnce]) await due(ports, account, '2026-06-20');
        assert.deepEqual(await sums(stepwise), await sums(atOnce));
        await checkBooks(ports, stepwise);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
