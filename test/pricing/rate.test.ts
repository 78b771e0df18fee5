import assert from 'node:assert/strict';
import { minus, plus } from '../../src/money/arithmetic.js';
import { equals } from '../../src/money/compare.js';
import { type Decimal, ONE, decimal, formatDecimal, isZero } from '../../src/money/decimal.js';
import type { Bounds, Price, Running } from '../../src/pricing/price.js';
import { cancel, countedUsage, rate } from '../../src/pricing/rate.js';
import { UNUSED, priceOf, running, tiersOf } from './build.js';

const d = decimal;
const graduated = priceOf({
  kind: 'graduated',
  tiers: tiersOf(
    { up_to: 10, unit_price: 5, flat: 1 },
    { up_to: 20, unit_price: 4, flat: 2 },
    { unit_price: 3 },
  ),
});
const volume = priceOf({
  kind: 'volume',
  tiers: tiersOf({ up_to: 10, unit_price: 5 }, { unit_price: 3, flat: 1 }),
});
const perUnit = priceOf({ kind: 'per_unit', unitPrice: d(2), per: d(1) });
const thirds = priceOf({ kind: 'per_unit', unitPrice: d(1), per: d(3) });
const flat = priceOf({ kind: 'flat', amount: d('9.9') });
const fee = { kind: 'percentage', percent: d(10), fixed: d(1) } as const;

const each = { roundQuantity: { to: d(60), mode: 'up', each: true } } as const;
const together = { roundQuantity: { to: d(60), mode: 'up', each: false } } as const;

type Case = readonly [string, Price<Decimal>, Running, string, string, readonly string[]];

/** What is tested, price, running total before, quantity, amount, shares as `tier: quantity × price ÷ per + flat = amount`. */
const cases: readonly Case[] = [
  ['first usage of 0 enters the first tier', graduated, UNUSED, '0', '1', ['0: 0 × 5 + 1 = 1']],
  ['later usage of 0 costs nothing', graduated, running(0, 1), '0', '0', []],
  ['only the tiers passed', graduated, running(5, 1), '7', '35', ['0: 5 × 5 = 25', '1: 2 × 4 + 2 = 10']],
  ['inside one tier', graduated, running(12, 2), '3', '12', ['1: 3 × 4 = 12']],
  ['a total without events has been used', graduated, running(5, 0), '1', '5', ['0: 1 × 5 = 5']],
  ['volume within a tier', volume, running(3, 1), '2', '10', ['0: 2 × 5 = 10']],
  ['volume to the next tier', volume, running(8, 1), '3', '-6', ['0: -8 × 5 = -40', '1: 11 × 3 + 1 = 34']],
  [
    'usages of thirds',
    thirds,
    running(1, 1),
    '1',
    '0.333333333333333334',
    ['0: 1 × 1 ÷ 3 = 0.333333333333333334'],
  ],
  ['a flat charge', flat, running(3, 3), '1', '9.9', ['0: 1 × 9.9 = 9.9']],
  ['each usage is rounded', { ...perUnit, ...each }, running(60, 1), '1', '120', ['0: 60 × 2 = 120']],
  ['the total is rounded', { ...perUnit, ...together }, running(59, 1), '1', '0', []],
  ['the total is rounded up', { ...perUnit, ...together }, running(60, 1), '1', '120', ['0: 60 × 2 = 120']],
  [
    'free units are left',
    { ...perUnit, free: { quantity: d(10) } },
    running(8, 1),
    '5',
    '6',
    ['0: 3 × 2 = 6'],
  ],
  ['a usage wholly free', { ...perUnit, free: { quantity: d(10) } }, UNUSED, '5', '0', []],
  [
    'held to the maximum',
    { ...perUnit, maximum: { amount: d(15) } },
    running(5, 1),
    '5',
    '5',
    ['0: 5 × 2 = 5'],
  ],
  [
    'the last tiers are held first',
    { ...graduated, maximum: { amount: d(56) } },
    running(0, 1),
    '25',
    '55',
    ['0: 10 × 5 = 50', '1: 10 × 4 + 2 = 5', '2: 5 × 3 = 0'],
  ],
  [
    'each rating is rounded',
    { ...thirds, roundRating: { to: d('0.01'), mode: 'up' } },
    UNUSED,
    '1',
    '0.34',
    ['0: 1 × 1 ÷ 3 = 0.333333333333333333'],
  ],
  ['below zero as zero', perUnit, running(5, 1), '-8', '-10', ['0: -5 × 2 = -10']],
  ['an event that pays', priceOf(fee), running(30, 3), '50', '6', ['0: 50 × 10 ÷ 100 + 1 = 6']],
  ['a free event', priceOf({ ...fee, freeEvents: d(4) }), running(30, 3), '50', '0', []],
  [
    'the event after the free ones',
    priceOf({ ...fee, freeEvents: d(3) }),
    running(30, 3),
    '50',
    '6',
    ['0: 50 × 10 ÷ 100 + 1 = 6'],
  ],
  [
    'past the free amount',
    priceOf({ ...fee, freeAmount: d(40) }),
    running(30, 3),
    '50',
    '5',
    ['0: 40 × 10 ÷ 100 + 1 = 5'],
  ],
  ['up to the free amount', priceOf({ ...fee, freeAmount: d(80) }), running(30, 3), '50', '0', []],
  [
    'an event of 0 after the free amount',
    priceOf({ ...fee, freeAmount: d(30) }),
    running(30, 3),
    '0',
    '1',
    ['0: 0 × 10 ÷ 100 + 1 = 1'],
  ],
  [
    'whichever allowance ends first',
    priceOf({ ...fee, freeEvents: d(9), freeAmount: d(30) }),
    running(30, 3),
    '50',
    '6',
    ['0: 50 × 10 ÷ 100 + 1 = 6'],
  ],
];

describe('pricing/rate', () => {
  for (const [what, price, before, quantity, amount, shares] of cases) {
    it(`${what}: ${quantity} after ${formatDecimal(before.quantity)} → ${amount}`, () => {
      const rated = rate(price, before, d(quantity));
      assert.equal(formatDecimal(rated.amount), amount);
      assert.deepEqual(rated.shares.map(show), shares);
      assert.ok(equals(rated.after.events, plus(before.events, ONE)));
    });
  }

  it('the running total moves by what was counted', () => {
    assert.equal(formatDecimal(rate({ ...perUnit, ...each }, running(60, 1), d(1)).after.quantity), '120');
    assert.equal(formatDecimal(rate({ ...perUnit, ...together }, running(60, 1), d(1)).after.quantity), '61');
  });

  const taken: readonly (readonly [string, Price<Decimal>, Running, string, string])[] = [
    ['the only usage, with its flat', graduated, running(5, 1), '5', '-26'],
    ['one of two', graduated, running(12, 2), '5', '-25'],
    ['all units but not all usages', graduated, running(5, 2), '5', '-25'],
    ['volume back to the dearer tier', volume, running(11, 2), '3', '6'],
    ['a flat charge', flat, running(3, 3), '1', '-9.9'],
    ['rounded by itself', { ...perUnit, ...each }, running(120, 2), '1', '-120'],
    ['from above the maximum', { ...perUnit, maximum: { amount: d(15) } }, running(10, 2), '2', '0'],
    ['an event', priceOf(fee), running(80, 4), '50', '-6'],
    ['a free event', priceOf({ ...fee, freeEvents: d(4) }), running(80, 4), '50', '0'],
  ];
  for (const [what, price, current, quantity, amount] of taken) {
    it(`taken back, ${what}: ${quantity} of ${formatDecimal(current.quantity)} → ${amount}`, () => {
      const rated = cancel(price, current, { quantity: countedUsage(price, d(quantity)), events: ONE });
      assert.equal(formatDecimal(rated.amount), amount);
      assert.ok(equals(rated.after.events, minus(current.events, ONE)));
    });
  }

  const own = { per: 'year', counter: 'shared' } as const;
  const freeAndMaximum = { ...perUnit, free: { quantity: d(10), own }, maximum: { amount: d(20), own } };
  const bounded: readonly (readonly [string, Running, string, Bounds, string, string])[] = [
    ['nothing used yet', UNUSED, '12', {}, '10', '4'],
    ['others used some of the free units', UNUSED, '12', { freeUsed: d(7) }, '3', '18'],
    ['others used all of them', UNUSED, '4', { freeUsed: d(10) }, '0', '8'],
    [
      'free units of this window stay free',
      running(6, 1),
      '2',
      { freeUsed: d(10), freedBefore: d(6) },
      '0',
      '4',
    ],
    ['others used some of the maximum', UNUSED, '12', { maximumUsed: d(18) }, '10', '2'],
    ['others used all of it', UNUSED, '12', { maximumUsed: d(20) }, '10', '0'],
    ['the free quantity was lowered meanwhile', UNUSED, '4', { freeUsed: d(12) }, '0', '8'],
    ['the maximum was lowered meanwhile', UNUSED, '12', { maximumUsed: d(25) }, '10', '0'],
  ];
  for (const [what, before, quantity, bounds, freed, amount] of bounded) {
    it(`shared bounds, ${what}: ${quantity} → ${freed} free, ${amount}`, () => {
      const rated = rate(freeAndMaximum, before, d(quantity), bounds);
      assert.equal(formatDecimal(rated.freed), freed);
      assert.equal(formatDecimal(rated.amount), amount);
    });
  }

  it('taking back gives first what the maximum held back, though nobody counted what this price charged', () => {
    const price = { ...perUnit, maximum: { amount: d(20), own } };
    const back = cancel(price, running(13, 2), running(4, 1), { maximumUsed: d(20) });
    assert.equal(formatDecimal(back.amount), '-2');
  });

  it('a percentage counts towards its maximum what it charged so far', () => {
    const price = priceOf(fee, { maximum: { amount: d(8) } });
    assert.equal(formatDecimal(rate(price, running(50, 1), d(50), { chargedBefore: d(6) }).amount), '2');
    assert.equal(formatDecimal(rate(price, running(100, 2), d(50), { chargedBefore: d(8) }).amount), '0');
  });
});

function show({
  tier,
  quantity,
  unitPrice,
  per,
  flat,
  amount,
}: ReturnType<typeof rate>['shares'][number]): string {
  const divided = equals(per, ONE) ? '' : ` ÷ ${formatDecimal(per)}`;
  const added = isZero(flat) ? '' : ` + ${formatDecimal(flat)}`;
  return `${tier}: ${formatDecimal(quantity)} × ${formatDecimal(unitPrice)}${divided}${added} = ${formatDecimal(amount)}`;
}
