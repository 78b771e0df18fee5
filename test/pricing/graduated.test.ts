import assert from 'node:assert/strict';
import { type Decimal, decimal } from '../../src/money/decimal.js';
import { passedLevels } from '../../src/pricing/graduated.js';
import type { Price } from '../../src/pricing/price.js';
import { rate } from '../../src/pricing/rate.js';
import { priceOf, running, tiersOf } from './build.js';

const tiers = tiersOf(
  { up_to: 3, unit_price: 10, per: 7, flat: 1 },
  { up_to: 10, unit_price: '0.5', block: 7 },
  { up_to: 20, unit_price: 2, per: 3, maximum: 4 },
  { unit_price: '0.25' },
);
const passed = passedLevels(tiers);
const totals = [0, 1, 3, 4, 10, '10.5', 20, 21, 100];

describe('pricing/graduated', () => {
  it('knows a level for every tier with a bound', () => {
    assert.deepEqual(
      passed.map(({ share }) => share.quantity),
      [3, 7, 10].map(decimal),
    );
  });

  for (const more of [{}, { maximum: { amount: decimal(6) } }, { free: { quantity: decimal(2) } }]) {
    it(`prices tiers passed before as if they were passed now, with ${Object.keys(more).join() || 'no bound'}`, () => {
      for (const before of totals)
        for (const quantity of totals) {
          const rated = (price: Price<Decimal>) =>
            rate(price, running(before, before === 0 ? 0 : 1), decimal(quantity));
          assert.deepEqual(
            rated(priceOf({ kind: 'graduated', tiers, passed }, more)),
            rated(priceOf({ kind: 'graduated', tiers }, more)),
            `${quantity} after ${before}`,
          );
        }
    });
  }
});
