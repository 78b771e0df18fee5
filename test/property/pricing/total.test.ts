import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atMost } from '../../../src/money/compare.js';
import { times } from '../../../src/money/arithmetic.js';
import { decimal, formatDecimal, unitOf } from '../../../src/money/decimal.js';
import { total } from '../../../src/pricing/total.js';
import { prices } from './arbitrary.js';
import { slowTotal, textOf } from './reference.js';

describe('property: pricing/total', () => {
  it('is what counting unit by unit in fractions gives', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 0, max: 120 }), (price, quantity) => {
        assert.equal(
          formatDecimal(total(price, decimal(quantity))),
          textOf(slowTotal(price, BigInt(quantity))),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('never falls as the quantity rises, but for volume', () => {
    fc.assert(
      fc.property(
        prices,
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        (price, a, b) => {
          fc.pre(!price.model.kind.startsWith('volume'));
          const [less, more] = a < b ? [a, b] : [b, a];
          assert.ok(
            atMost(
              total(price, times(decimal(less), unitOf(1))),
              total(price, times(decimal(more), unitOf(1))),
            ),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});
