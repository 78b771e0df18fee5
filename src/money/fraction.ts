import { type Decimal, ONE, ZERO, divide } from './decimal.js';

/** A price before its one division: numerator over denominator (above 0). Keeps sums of tiers exact until the end. */
export type Fraction = { readonly numerator: Decimal; readonly denominator: Decimal };

export const NOTHING: Fraction = { numerator: ZERO, denominator: ONE };

export function fraction(numerator: Decimal, denominator: Decimal = ONE): Fraction {
  return { numerator, denominator };
}

export function addFractions(a: Fraction, b: Fraction): Fraction {
  if (a.denominator.eq(b.denominator)) return fraction(a.numerator.plus(b.numerator), a.denominator);
  const [wide, narrow] = a.denominator.gt(b.denominator) ? [a, b] : [b, a];
  // Tiers priced per 1, per 1000 and per 1000000 in turn must not multiply their denominators up.
  if (wide.denominator.mod(narrow.denominator).isZero()) {
    const factor = wide.denominator.div(narrow.denominator);
    return fraction(wide.numerator.plus(narrow.numerator.mul(factor)), wide.denominator);
  }
  const numerator = a.numerator.mul(b.denominator).plus(b.numerator.mul(a.denominator));
  return fraction(numerator, a.denominator.mul(b.denominator));
}

/** The one rounding of a price: exact when the quotient ends, else 18 fraction digits, half even. */
export function toDecimal(value: Fraction): Decimal {
  return divide(value.numerator, value.denominator);
}

export function compareFraction(value: Fraction, bound: Decimal): number {
  return value.numerator.cmp(bound.mul(value.denominator));
}
