import { Decimal as DecimalJs } from 'decimal.js';

/**
 * Numbers of any width by decimal.js; the only file that knows it. Sums, differences and products are exact: the widest
 * product of Ratebook (two 34-digit numbers, a percentage, a fraction) stays far below the precision.
 */
export type Wide = DecimalJs;

const PRECISION = 400;
const Exact = DecimalJs.clone({
  precision: PRECISION,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  defaults: true,
});

export function wide(value: string | number): Wide {
  return new Exact(value);
}

/** units × 10^-places */
export function wideOfUnits(units: number, places: number): Wide {
  return new Exact(`${units}e-${places}`);
}

/** More significant digits than any quotient of ours that ends, and fewer by 100 than one that does not end fills. */
const ENDED = PRECISION - 100;

/** The quotient: exact when it ends, otherwise kept to `places` fraction digits, half even. */
export function divideWide(numerator: Wide, denominator: Wide, places: number): Wide {
  const quotient = numerator.div(denominator);
  return quotient.precision() <= ENDED ? quotient : quotient.toDecimalPlaces(places);
}

export const WIDE_MODES = {
  half_up: DecimalJs.ROUND_HALF_UP,
  half_even: DecimalJs.ROUND_HALF_EVEN,
  up: DecimalJs.ROUND_UP,
  down: DecimalJs.ROUND_DOWN,
} as const;
