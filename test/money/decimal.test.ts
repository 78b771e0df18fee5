import assert from 'node:assert/strict';
import { decimal, formatDecimal, parseDecimal } from '../../src/money/decimal.js';
import { divide, round, roundTo } from '../../src/money/rounding.js';

describe('money/decimal', () => {
  it('divide: ends → exact, does not end → 18 fraction digits, half even', () => {
    const quotient = (a: string, b: string) => formatDecimal(divide(decimal(a), decimal(b)));
    assert.equal(quotient('1', '1024'), '0.0009765625');
    assert.equal(quotient('1', (2n ** 65n).toString()), '0.' + (5n ** 65n).toString().padStart(65, '0'));
    assert.equal(quotient('1', '3'), '0.333333333333333333');
    assert.equal(quotient('2', '3'), '0.666666666666666667');
    assert.equal(quotient('-50', '7'), '-7.142857142857142857');
  });

  for (const [text, value] of [
    ['1.10', '1.1'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['9999999999999999', '9999999999999999'],
    ['1e-7', '0.0000001'],
    ['-0', '0'],
  ] as const) {
    it(`parseDecimal: ${text} → ${value}`, () => {
      const result = parseDecimal(text);
      assert.ok(result.ok);
      assert.equal(formatDecimal(result.value), value);
    });
  }

  for (const text of [
    '',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1_000',
    '1,5',
    '1 ',
    '9'.repeat(17),
    '0.' + '1'.repeat(19),
    '7'.repeat(10_000),
  ]) {
    it(`parseDecimal refuses ${text.slice(0, 20)}`, () => {
      assert.equal(parseDecimal(text).ok, false);
    });
  }

  it('round goes by the named mode, away from zero for half_up and up', () => {
    assert.equal(formatDecimal(round(decimal('-2.5'), 0, 'half_up')), '-3');
    assert.equal(formatDecimal(round(decimal('2.5'), 0, 'half_even')), '2');
    assert.equal(formatDecimal(round(decimal('-2.1'), 0, 'up')), '-3');
    assert.equal(formatDecimal(round(decimal('-2.9'), 0, 'down')), '-2');
    assert.equal(formatDecimal(roundTo(decimal('61'), decimal('60'), 'up')), '120');
    assert.equal(formatDecimal(roundTo(decimal('90'), decimal('60'), 'half_up')), '120');
    assert.equal(formatDecimal(roundTo(decimal('0.3'), decimal('0.1'), 'up')), '0.3');
  });
});
