import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allocate } from '../../src/money/allocation.js';
import { sum, times } from '../../src/money/arithmetic.js';
import { equals } from '../../src/money/compare.js';
import { HUNDRED, decimal, formatDecimal, unitOf } from '../../src/money/decimal.js';

const METEROID =
  'https://github.com/meteroid-oss/meteroid/blob/6a27ef61aabf94a86821b6a56982731ce56ba16f/modules/meteroid/crates/meteroid-store/src/services/invoice_lines/discount.rs';

describe('money/allocation', () => {
  const cases: readonly (readonly [string, readonly number[], number, readonly string[], string])[] = [
    ['100', [333, 333, 334], 0, ['33', '33', '34'], METEROID],
    ['1', [1, 1, 1], 2, ['0.34', '0.33', '0.33'], 'a tie goes to the earlier'],
    ['0.02', [1, 1, 1], 2, ['0.01', '0.01', '0'], 'fewer units than parts'],
    ['-1', [1, 1, 1], 2, ['-0.34', '-0.33', '-0.33'], 'a negative total mirrors'],
    ['10', [0, 1, 0], 2, ['0', '10', '0'], 'weight 0 gets nothing'],
    ['1', [0, 0], 2, ['0.5', '0.5'], 'no weights count alike'],
    ['0', [1, 2], 2, ['0', '0'], 'nothing to split'],
    ['10.005', [1, 1], 2, ['5.005', '5'], 'what is finer than the unit stays whole'],
    ['10.015', [1, 1], 2, ['5.01', '5.005'], 'after the units that are left over'],
    ['1', [1, 2], 18, ['0.333333333333333333', '0.666666666666666667'], 'exact to 18 places'],
    ['1', [], 2, [], 'no parts'],
  ];
  for (const [total, weights, places, expected, why] of cases) {
    it(`${total} over ${weights.join(':')} in 10^-${places} is ${expected.join(', ')} (${why})`, () => {
      const parts = allocate(decimal(total), weights.map(decimal), places);
      assert.deepEqual(
        parts.map((part) => formatDecimal(part).replace(/^-0$/, '0')),
        expected,
      );
    });
  }

  it('parts add up to the total and lie less than a unit beside their exact share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), weights, (cents, ws) => {
        fc.pre(ws.some((weight) => weight > 0));
        const total = times(decimal(cents), unitOf(2));
        const weight = ws.reduce((a, b) => a + b);
        const parts = allocate(total, ws.map(decimal), 2);
        assert.ok(equals(sum(parts), total));
        for (const [i, part] of parts.entries()) {
          const share = BigInt(cents) * BigInt(ws[i]!);
          const off = BigInt(formatDecimal(times(part, HUNDRED))) * BigInt(weight) - share;
          assert.ok(
            off < BigInt(weight) && off > -BigInt(weight),
            `${formatDecimal(part)} of ${formatDecimal(total)}`,
          );
        }
      }),
    );
  });
});
