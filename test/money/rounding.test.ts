import assert from 'node:assert/strict';
import { type RoundingMode, decimal } from '../../src/money/decimal.js';
import { roundToMinorUnit } from '../../src/money/rounding.js';

const FLEXPRICE =
  'https://github.com/flexprice/flexprice/blob/e4b5303fde24581003faf0b05c08feb605c2ef93/internal/ee/service/billing_rounding_test.go';

describe('money/rounding', () => {
  const cases: readonly (readonly [string, string, RoundingMode, string, string])[] = [
    ['10.278798', 'USD', 'half_up', '10.28', FLEXPRICE],
    ['10.271', 'USD', 'half_up', '10.27', FLEXPRICE],
    ['10.275', 'USD', 'half_up', '10.28', FLEXPRICE],
    ['1023.45', 'JPY', 'half_up', '1023', FLEXPRICE],
    ['1023.5', 'JPY', 'half_up', '1024', FLEXPRICE],
    ['0.004', 'GBP', 'half_up', '0', FLEXPRICE],
    ['0.9', 'JPY', 'half_up', '1', FLEXPRICE],
    ['-10.275', 'USD', 'half_up', '-10.28', 'away from zero'],
    ['10.125', 'USD', 'half_even', '10.12', 'to the even cent'],
    ['1.23449', 'KWD', 'up', '1.235', 'three places'],
    ['1.23459', 'CLF', 'down', '1.2345', 'four places'],
  ];
  for (const [value, currency, mode, expected, source] of cases) {
    it(`${value} ${currency} ${mode} is ${expected} (${source})`, () => {
      assert.equal(roundToMinorUnit(decimal(value), currency, mode).toFixed(), expected);
    });
  }

  it('refuses a code that is no currency', () => {
    assert.throws(() => roundToMinorUnit(decimal(1), 'XAU', 'half_up'), /XAU is not a currency/);
  });
});
