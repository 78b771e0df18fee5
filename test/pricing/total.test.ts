import assert from 'node:assert/strict';
import { type Decimal, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Price } from '../../src/pricing/price.js';
import { total } from '../../src/pricing/total.js';
import { priceOf, tiersOf } from './build.js';

const d = decimal;
const perUnit = { kind: 'per_unit', unitPrice: d(2), per: d(1) } as const;
const minutes = { to: d(60), mode: 'up', each: false } as const;
const halfUp = { to: d(10), mode: 'half_up', each: false } as const;
const tiers = tiersOf({ up_to: 10, unit_price: 5, flat: 1 }, { unit_price: 4 });

describe('pricing/total', () => {
  const cases: readonly (readonly [string, Price<Decimal>, Readonly<Record<string, string>>])[] = [
    [
      'rounds the total',
      priceOf(perUnit, { roundQuantity: minutes }),
      { '0': '0', '1': '120', '60': '120', '61': '240' },
    ],
    ['rounds half up', priceOf(perUnit, { roundQuantity: halfUp }), { '4.9': '0', '5': '20', '15': '40' }],
    [
      'takes free units off',
      priceOf(perUnit, { free: { quantity: d(10) } }),
      { '0': '0', '10': '0', '11': '2' },
    ],
    [
      'rounds before it takes free units off',
      priceOf(perUnit, { roundQuantity: minutes, free: { quantity: d(30) } }),
      { '1': '60', '61': '180' },
    ],
    [
      'counts tiers after the free units',
      priceOf({ kind: 'graduated', tiers }, { free: { quantity: d(100) } }),
      { '0': '1', '100': '1', '110': '51', '111': '55' },
    ],
    [
      'holds to the maximum last',
      priceOf(perUnit, { maximum: { amount: d(9) } }),
      { '4': '8', '5': '9', '1000': '9' },
    ],
    ['prices a total below zero as zero', priceOf({ kind: 'graduated', tiers }), { '-5': '1' }],
    [
      'prices units below zero in the first tier where the price may be negative',
      priceOf({ kind: 'graduated', tiers }, { negative: true, free: { quantity: d(3) } }),
      { '-5': '-24', '3': '1', '4': '6' },
    ],
    [
      'pays for what is fed in',
      priceOf({ ...perUnit, unitPrice: d('-0.08') }, { negative: true }),
      { '100': '-8' },
    ],
  ];
  for (const [what, price, totals] of cases) {
    for (const [quantity, expected] of Object.entries(totals)) {
      it(`${what}: ${quantity} → ${expected}`, () => {
        assert.equal(formatDecimal(total(price, d(quantity))), expected);
      });
    }
  }
});
