import { plus, remainder, times } from './arithmetic.js';
import { compareDecimals, equals, greaterThan } from './compare.js';
import { type Decimal, ONE, ZERO, isZero } from './decimal.js';
import { divide } from './rounding.js';

/** A price before its one division: numerator over denominator (above 0). Keeps sums of tiers exact until the end. */
export type Fraction = { readonly numerator: Decimal; readonly denominator: Decimal };

export const NOTHING: Fraction = { numerator: ZERO, denominator: ONE };

export function fraction(numerator: Decimal, denominator: Decimal = ONE): Fraction {
  return { numerator, denominator };
}

export function addFractions(a: Fraction, b: Fraction): Fraction {
  if (isZero(a.numerator)) return b;
  if (equals(a.denominator, b.denominator)) return fraction(plus(a.numerator, b.numerator), a.denominator);
  const [wide, narrow] = greaterThan(a.denominator, b.denominator) ? [a, b] : [b, a];
  // Tiers priced per 1, per 1000 and per 1000000 in turn must not multiply their denominators up.
  if (isZero(remainder(wide.denominator, narrow.denominator))) {
    const factor = divide(wide.denominator, narrow.denominator);
    return fraction(plus(wide.numerator, times(narrow.numerator, factor)), wide.denominator);
  }
  const numerator = plus(times(a.numerator, b.denominator), times(b.numerator, a.denominator));
  return fraction(numerator, times(a.denominator, b.denominator));
}

/** The one rounding of a price: exact when the quotient ends, else 18 fraction digits, half even. */
export function toDecimal(value: Fraction): Decimal {
  return divide(value.numerator, value.denominator);
}

export function compareFraction(value: Fraction, bound: Decimal): number {
  return compareDecimals(value.numerator, times(bound, value.denominator));
}
