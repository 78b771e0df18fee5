import assert from 'node:assert/strict';
import { Decimal as DecimalJs } from 'decimal.js';
import fc from 'fast-check';
import { absolute, minus, negate, plus, remainder, times } from '../../../src/money/arithmetic.js';
import { compareDecimals, equals } from '../../../src/money/compare.js';
import { type Decimal, decimal, formatDecimal, isWhole, parseDecimal } from '../../../src/money/decimal.js';
import { type RoundingMode, divide, round, roundTo, wholeQuotient } from '../../../src/money/rounding.js';

/** decimal.js alone, wide enough that nothing but a quotient is ever rounded. */
const Oracle = DecimalJs.clone({ precision: 400, toExpNeg: -9e15, toExpPos: 9e15 });
const MODES: Readonly<Record<RoundingMode, DecimalJs.Rounding>> = {
  half_up: DecimalJs.ROUND_HALF_UP,
  half_even: DecimalJs.ROUND_HALF_EVEN,
  up: DecimalJs.ROUND_UP,
  down: DecimalJs.ROUND_DOWN,
};

/** Whole numbers of every length, many of them round, close to a round one, or at the edge of what a double holds exactly. */
const EDGE = 2n ** 53n;
const digits = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: EDGE - 12n, max: EDGE + 12n }),
  fc
    .integer({ min: 0, max: 33 })
    .chain((zeros) => fc.bigInt({ min: -12n, max: 12n }).map((n) => 10n ** BigInt(zeros) + n)),
  fc
    .integer({ min: 0, max: 17 })
    .chain((zeros) => fc.bigInt({ min: 1n, max: 99n }).map((n) => n * 10n ** BigInt(zeros))),
  fc.integer({ min: 1, max: 34 }).chain((length) => fc.bigInt({ min: 0n, max: 10n ** BigInt(length) })),
);
const texts = fc
  .tuple(digits, fc.integer({ min: 0, max: 18 }), fc.boolean())
  .map(([units, places, negative]) => new Oracle(`${units}e-${places}`).times(negative ? -1 : 1).toFixed());
/** Results of earlier operations may have more digits, and lie further behind the point, than anything that is read. */
const tiny = fc
  .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 40, max: 90 }))
  .map(([units, places]) => new Oracle(`${units}e-${places}`).toFixed());
const products = fc.tuple(texts, texts).map(([a, b]) => new Oracle(a).times(b).toFixed());
const numbers = fc.oneof(
  { arbitrary: texts, weight: 5 },
  { arbitrary: products, weight: 2 },
  { arbitrary: tiny, weight: 1 },
);
const positive = numbers.filter((text) => new Oracle(text).gt(0));

/** As canonical as its text: a number has one form, whatever it came from. */
function assertSame(actual: Decimal, expected: DecimalJs): void {
  const text = expected.isZero() ? '0' : expected.toFixed();
  assert.equal(formatDecimal(actual), text);
  assert.deepEqual(actual, decimal(text));
}

const BINARY: readonly (readonly [
  string,
  (a: Decimal, b: Decimal) => Decimal,
  (a: DecimalJs, b: DecimalJs) => DecimalJs,
])[] = [
  ['plus', plus, (a, b) => a.plus(b)],
  ['minus', minus, (a, b) => a.minus(b)],
  ['times', times, (a, b) => a.times(b)],
];

describe('property: money/decimal', () => {
  for (const [name, ours, oracle] of BINARY) {
    it(`${name} as decimal.js does`, () => {
      fc.assert(
        fc.property(numbers, numbers, (a, b) => {
          assertSame(ours(decimal(a), decimal(b)), oracle(new Oracle(a), new Oracle(b)));
        }),
        { numRuns: 5000 },
      );
    });
  }

  it('negates and takes absolutes', () => {
    fc.assert(
      fc.property(numbers, (a) => {
        assertSame(negate(decimal(a)), new Oracle(a).neg());
        assertSame(absolute(decimal(a)), new Oracle(a).abs());
        assert.equal(isWhole(decimal(a)), new Oracle(a).isInteger());
      }),
      { numRuns: 2000 },
    );
  });

  it('compares as decimal.js does', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        for (const other of [a, b, new Oracle(a).plus('1e-18').toFixed(), new Oracle(a).plus(1).toFixed()]) {
          const [one, two] = [decimal(a), decimal(other)];
          assert.equal(Math.sign(compareDecimals(one, two)), new Oracle(a).cmp(other));
          assert.equal(equals(one, two), new Oracle(a).eq(other));
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('divides exactly where the quotient ends, else to 18 places, half even', () => {
    fc.assert(
      fc.property(numbers, positive, (a, b) => {
        const quotient = new Oracle(a).div(b);
        const expected =
          quotient.precision() <= 300 ? quotient : quotient.toDecimalPlaces(18, DecimalJs.ROUND_HALF_EVEN);
        assertSame(divide(decimal(a), decimal(b)), expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes whole parts and remainders', () => {
    fc.assert(
      fc.property(numbers, positive, (a, b) => {
        assertSame(wholeQuotient(decimal(a), decimal(b)), new Oracle(a).divToInt(b));
        assertSame(remainder(decimal(a), decimal(b)), new Oracle(a).mod(b));
      }),
      { numRuns: 3000 },
    );
  });

  for (const mode of ['half_up', 'half_even', 'up', 'down'] as const) {
    it(`rounds ${mode}`, () => {
      fc.assert(
        fc.property(numbers, fc.integer({ min: 0, max: 20 }), positive, (a, places, step) => {
          assertSame(round(decimal(a), places, mode), new Oracle(a).toDecimalPlaces(places, MODES[mode]));
          assertSame(roundTo(decimal(a), decimal(step), mode), new Oracle(a).toNearest(step, MODES[mode]));
        }),
        { numRuns: 3000 },
      );
    });
  }

  it('reads what it writes, and every spelling of a number as the same data', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 3 }), (text, zeros) => {
        const spelled = text.includes('.') ? text + '0'.repeat(zeros) : text;
        const read = parseDecimal(spelled);
        if (read.ok) assertSame(read.value, new Oracle(text));
        else assert.ok(text.replace(/\D/g, '').length > 16, read.why);
      }),
      { numRuns: 5000 },
    );
  });
});
