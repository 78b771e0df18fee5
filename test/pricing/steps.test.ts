import assert from 'node:assert/strict';
import { type Decimal, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Price, Running } from '../../src/pricing/price.js';
import { explainRating } from '../../src/pricing/steps.js';
import { UNUSED, priceOf, running, tiersOf } from './build.js';

const d = decimal;
const tokens = priceOf({ kind: 'per_unit', unitPrice: d('2.5'), per: d(1_000_000) });
const tiers = tiersOf({ up_to: 1000, unit_price: 2, flat: 1 }, { unit_price: 1 });

describe('pricing/steps', () => {
  const cases: readonly (readonly [string, Price<Decimal>, Running, string, readonly string[]])[] = [
    [
      'one multiplication',
      tokens,
      running(2000, 3),
      '500',
      ['Running total: 2000 used before + 500 now = 2500', 'Price: 500 × 2.5 ÷ 1000000 = 0.00125'],
    ],
    [
      'tiers and their sum',
      priceOf({ kind: 'graduated', tiers }),
      UNUSED,
      '1500',
      [
        'Running total: 0 used before + 1500 now = 1500',
        'Tier 1, up to 1000: 1000 × 2 + 1 = 2001',
        'Tier 2, the last: 500 × 1 = 500',
        'Charged: 2001 + 500 = 2501',
      ],
    ],
    [
      'free units, a maximum and two roundings',
      {
        ...tokens,
        model: { kind: 'per_unit', unitPrice: d(1), per: d(7) },
        roundQuantity: { to: d(60), mode: 'up', each: true },
        free: { quantity: d(30) },
        maximum: { amount: d('4.111') },
        roundRating: { to: d('0.01'), mode: 'half_up' },
      },
      UNUSED,
      '1',
      [
        'Quantity: 1 rounded up to a multiple of 60 = 60',
        'Free: 30 of 30 free units = 30',
        'Price: 30 × 1 ÷ 7, held to 4.111 = 4.111',
        'Rounded: 4.111 rounded half up to a multiple of 0.01 = 4.11',
      ],
    ],
    [
      'a quotient that was cut, as if it were whole',
      priceOf({ kind: 'per_unit', unitPrice: d(1), per: d(3) }),
      running(1, 1),
      '1',
      ['Running total: 1 used before + 1 now = 2', 'Price: 1 × 1 ÷ 3 = 0.333333333333333334'],
    ],
    [
      'a running total that is rounded',
      { ...tokens, roundQuantity: { to: d(1000), mode: 'up', each: false } },
      running(600, 1),
      '500',
      [
        'Running total: 600 used before + 500 now = 1100',
        'Rounded total: 1100 rounded up to a multiple of 1000 = 2000',
        'Price: 1000 × 2.5 ÷ 1000000 = 0.0025',
      ],
    ],
    [
      'a cheaper tier reached',
      priceOf({ kind: 'volume', tiers }),
      running(1000, 1),
      '1',
      [
        'Running total: 1000 used before + 1 now = 1001',
        'Tier 1, up to 1000: (-1000) × 2 + (-1) = -2001',
        'Tier 2, the last: 1001 × 1 = 1001',
        'Charged: (-2001) + 1001 = -1000',
      ],
    ],
    [
      'nothing to charge',
      { ...tokens, free: { quantity: d(100) } },
      UNUSED,
      '60',
      [
        'Running total: 0 used before + 60 now = 60',
        'Free: 60 of 100 free units = 60',
        'Charged: nothing to charge = 0',
      ],
    ],
  ];
  for (const [what, price, before, quantity, expected] of cases) {
    it(`shows ${what}`, () => {
      const steps = explainRating(price, before, d(quantity));
      assert.deepEqual(
        steps.map(({ label, expression, value }) => `${label}: ${expression} = ${formatDecimal(value)}`),
        expected,
      );
    });
  }
});
