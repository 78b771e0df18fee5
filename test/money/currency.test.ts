import assert from 'node:assert/strict';
import { isCurrency, minorUnits } from '../../src/money/currency.js';

describe('money/currency', () => {
  for (const [code, places] of [
    ['USD', 2],
    ['EUR', 2],
    ['CNY', 2],
    ['JPY', 0],
    ['CLP', 0],
    ['UGX', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['IDR', 2],
    ['HUF', 2],
    ['TWD', 2],
    ['MGA', 2],
    ['MRU', 2],
    ['XCG', 2],
    ['usd', undefined],
    ['XAU', undefined],
    ['XXX', undefined],
    ['ZZZ', undefined],
    ['', undefined],
    ['constructor', undefined],
  ] as const) {
    it(`${JSON.stringify(code)} has ${places === undefined ? 'no minor unit' : `${places} places`}`, () => {
      assert.equal(minorUnits(code), places);
      assert.equal(isCurrency(code), places !== undefined);
    });
  }
});
