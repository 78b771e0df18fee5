import { Decimal as DecimalJs } from 'decimal.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';

/**
 * Exact decimal numbers; the only file that knows decimal.js. Sums, differences and products are exact: the widest
 * product of Ratebook (two 34-digit numbers, a percentage, a fraction) stays far below that. Division goes
 * through `divide`, which states its rounding.
 */
const PRECISION = 400;
const Exact = DecimalJs.clone({
  precision: PRECISION,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  defaults: true,
});

export type Decimal = DecimalJs;

/** Digits before and after the point that a number in a file or a fact may have. Together they fit Decimal128. */
const INTEGER_DIGITS = 16;
export const FRACTION_DIGITS = 18;

export const ZERO: Decimal = new Exact(0);
export const ONE: Decimal = new Exact(1);
export const HUNDRED: Decimal = new Exact(100);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const LONGEST_TEXT = 64;

/** A constant of the program. Input goes through `parseDecimal`. */
export function decimal(value: string | number | bigint): Decimal {
  return new Exact(typeof value === 'bigint' ? value.toString() : value);
}

export function isDecimal(value: unknown): value is Decimal {
  return Exact.isDecimal(value);
}

/** Reads a number from its text: at most 16 integer and 18 fraction digits, never NaN or infinite. */
export function parseDecimal(text: string): Parsed<Decimal> {
  if (text.length > LONGEST_TEXT) return refused(`a number of ${text.length} characters is too long`);
  if (!NUMBER.test(text)) return refused(`"${text}" is not a number`);
  const value = new Exact(text);
  return fits(value)
    ? parsed(value)
    : refused(`${text} has more than ${INTEGER_DIGITS} integer or ${FRACTION_DIGITS} fraction digits`);
}

/** Whether the number is within what files, facts and the database hold. */
function fits(value: Decimal): boolean {
  return value.isFinite() && value.e < INTEGER_DIGITS && value.decimalPlaces() <= FRACTION_DIGITS;
}

/** Plain notation without an exponent or trailing zeros: the canonical text of a number. */
export function formatDecimal(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** More significant digits than any quotient of ours that ends, and fewer by 100 than one that does not end fills. */
const ENDED = PRECISION - 100;

/** The quotient: exact when it ends, otherwise kept to 18 fraction digits, half even. */
export function divide(numerator: Decimal, denominator: Decimal): Decimal {
  if (denominator.eq(ONE)) return numerator;
  const quotient = numerator.div(denominator);
  return quotient.precision() <= ENDED ? quotient : quotient.toDecimalPlaces(FRACTION_DIGITS);
}

/** `half_up` and `up` go away from zero, `down` goes towards it. */
export type RoundingMode = 'half_up' | 'half_even' | 'up' | 'down';

const MODES = {
  half_up: DecimalJs.ROUND_HALF_UP,
  half_even: DecimalJs.ROUND_HALF_EVEN,
  up: DecimalJs.ROUND_UP,
  down: DecimalJs.ROUND_DOWN,
} as const;

/** Rounds to `places` fraction digits. */
export function round(value: Decimal, places: number, mode: RoundingMode): Decimal {
  return value.toDecimalPlaces(places, MODES[mode]);
}

/** Rounds to a multiple of `step` (above 0). */
export function roundTo(value: Decimal, step: Decimal, mode: RoundingMode): Decimal {
  return value.toNearest(step, MODES[mode]);
}

export function least(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b;
}

export function greatest(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b;
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}
