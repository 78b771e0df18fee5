import { type Decimal, LARGEST, ZERO, ofUnits, ofWide, power, toWide } from './decimal.js';

/** Exact sums, differences and products. Each is tried in whole numbers and left to decimal.js when it leaves their range. */
export function plus(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    const places = Math.max(a.places, b.places);
    const left = aligned(a, places);
    const right = aligned(b, places);
    const units = left + right;
    if (isExact(left) && isExact(right) && isExact(units)) return ofUnits(units, places);
  }
  return ofWide(toWide(a).plus(toWide(b)));
}

export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, negate(b));
}

export function times(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    const units = a.units * b.units;
    if (isExact(units)) return ofUnits(units, a.places + b.places);
  }
  return ofWide(toWide(a).times(toWide(b)));
}

/** What is left of `a` after taking whole `b`s off; it has the sign of `a`. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    const places = Math.max(a.places, b.places);
    const left = aligned(a, places);
    const right = aligned(b, places);
    if (isExact(left) && isExact(right)) return ofUnits(left % right, places);
  }
  return ofWide(toWide(a).mod(toWide(b)));
}

export function negate(value: Decimal): Decimal {
  if (value.wide !== undefined) return ofWide(value.wide.negated());
  return value.units === 0 ? ZERO : { units: -value.units, places: value.places, wide: undefined };
}

export function absolute(value: Decimal): Decimal {
  if (value.wide !== undefined) return ofWide(value.wide.abs());
  return value.units < 0 ? negate(value) : value;
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = plus(total, value);
  return total;
}

/** The units that the number would have with so many places. */
function aligned({ units, places }: Decimal, to: number): number {
  return places === to || units === 0 ? units : units * power(to - places);
}

/** A double operation on whole numbers whose result is within the safe range has not been rounded. */
function isExact(units: number): boolean {
  return units <= LARGEST && units >= -LARGEST;
}
