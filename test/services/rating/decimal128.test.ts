import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Decimal128 } from 'mongodb';
import { decimal, formatDecimal } from '../../../src/money/decimal.js';
import { fromDecimal128, toDecimal128 } from '../../../src/services/rating/decimal128.js';

const EDGES = [
  '0',
  '1',
  '-1',
  '0.1',
  '9007199254740991',
  '-9007199254740991',
  '9007199254740992',
  '1e33',
  '1e-18',
];
const digits = fc.bigInt({ min: -(10n ** 34n - 1n), max: 10n ** 34n - 1n });

describe('decimals in the database', () => {
  const check = (text: string) => {
    const value = decimal(text);
    const stored = toDecimal128(value);
    assert.equal(stored.toString(), Decimal128.fromString(formatDecimal(value)).toString());
    assert.deepEqual(fromDecimal128(stored), value);
    // As any other program would have written it, with zeros at its end or an exponent.
    assert.deepEqual(fromDecimal128(Decimal128.fromString(text)), value);
  };

  for (const text of EDGES) {
    it(`${text} is stored and read as it is`, () => {
      check(text);
    });
  }

  it('any number of up to 34 digits is what the driver makes of its text', () => {
    fc.assert(
      fc.property(digits, fc.nat(34), (units, places) => {
        check(`${units}e-${places}`);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(18), (units, places) => {
        check(`${units}e-${places}`);
      }),
    );
  });
});
