import assert from 'node:assert/strict';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { NOTHING, addFractions, compareFraction, fraction, toDecimal } from '../../src/money/fraction.js';

const of = (a: string | number, b: string | number = 1) => fraction(decimal(a), decimal(b));

describe('money/fraction', () => {
  for (const [a, b, expected] of [
    [of(1, 3), of(2, 3), '1'],
    [of(1, 3), of(1, 6), '0.5'],
    [of(1, 6), of(1, 3), '0.5'],
    [of(1, 4), of(1, 6), '0.416666666666666667'],
    [of(1, '0.5'), of(1, 2), '2.5'],
    [NOTHING, of(1, 7), '0.142857142857142857'],
    [of(-1, 3), of(1, 3), '0'],
  ] as const) {
    const show = (f: typeof a) => `${formatDecimal(f.numerator)}/${formatDecimal(f.denominator)}`;
    it(`${show(a)} + ${show(b)} = ${expected}`, () => {
      assert.equal(formatDecimal(toDecimal(addFractions(a, b))), expected);
    });
  }

  it('a thousand thirds and sevenths are still exact', () => {
    let sum = NOTHING;
    for (let i = 0; i < 1000; i++) sum = addFractions(addFractions(sum, of(1, 3)), of(1, 7));
    assert.equal(formatDecimal(toDecimal(addFractions(sum, of(-10_000, 21)))), '0');
    assert.equal(formatDecimal(sum.denominator), '21');
  });

  it('compares without dividing', () => {
    assert.equal(compareFraction(of(1, 3), decimal('0.333333333333333333')), 1);
    assert.equal(compareFraction(of(2, 4), decimal('0.5')), 0);
    assert.equal(compareFraction(of(-1, 3), decimal(0)), -1);
  });
});
