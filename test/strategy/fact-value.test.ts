import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatFactValue, parseFactValue } from '../../src/strategy/fact-value.js';
import type { FactType } from '../../src/strategy/strategy.js';

const kept: readonly (readonly [FactType, string | readonly string[], string])[] = [
  ['string', '', ''],
  ['string', ' a b ', ' a b '],
  ['boolean', 'true', 'true'],
  ['boolean', 'false', 'false'],
  ['integer', '007', '7'],
  ['integer', '1.0', '1'],
  ['integer', '1e3', '1000'],
  ['decimal', '1.500', '1.5'],
  ['decimal', '-0', '0'],
  ['decimal', '0.000000000000000001', '0.000000000000000001'],
  ['instant', '2026-01-05T12:00:00+08:00', '2026-01-05T04:00:00Z'],
  ['date', '2024-02-29', '2024-02-29'],
  ['time', '23:59', '23:59'],
  ['list', [], '[]'],
  ['list', ['b', 'a'], '["b","a"]'],
];

const refused: readonly (readonly [FactType, string | readonly string[], RegExp])[] = [
  ['string', 'x'.repeat(1025), /1025 characters is too long/],
  ['string', ['a'], /a list is no string/],
  ['boolean', 'yes', /"yes" is neither true nor false/],
  ['boolean', 'True', /"True" is neither/],
  ['integer', '1.5', /1\.5 is not a whole number/],
  ['integer', '', /"" is not a number/],
  ['decimal', 'NaN', /"NaN" is not a number/],
  ['decimal', 'Infinity', /"Infinity" is not a number/],
  ['decimal', '1e999', /more than 16 integer/],
  ['decimal', '9'.repeat(10_000), /10000 characters is too long/],
  ['decimal', '1_000', /is not a number/],
  ['instant', '2026-01-05T12:00:00', /offset/],
  ['date', '2026-02-30', /2026-02-30/],
  ['time', '24:00', /24:00/],
  ['list', 'a', /"a" is not a list/],
  ['list', Array<string>(1001).fill('a'), /1001 strings is too long/],
];

describe('strategy/fact-value', () => {
  for (const [type, text, expected] of kept) {
    it(`reads ${JSON.stringify(text)} as ${type}`, () => {
      const value = parseFactValue(type, text);
      assert.ok(value.ok);
      assert.equal(formatFactValue(value.value), expected);
    });
  }

  for (const [type, text, why] of refused) {
    it(`refuses ${JSON.stringify(text).slice(0, 30)} as ${type}`, () => {
      const value = parseFactValue(type, text);
      assert.ok(!value.ok);
      assert.match(value.why, why);
    });
  }

  it('reads back every number that it writes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.integer({ min: 0, max: 18 }),
        (n, places) => {
          const value = parseFactValue('decimal', `${n}e-${places}`);
          assert.ok(value.ok);
          const again = parseFactValue('decimal', formatFactValue(value.value));
          assert.deepEqual(again, value);
        },
      ),
    );
  });
});
