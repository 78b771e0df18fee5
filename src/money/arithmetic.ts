import { type Decimal, LARGEST, ZERO, ofUnits, ofWide, power, toWide } from './decimal.js';

/** Exact sums, differences and products. Each is tried in whole numbers and left to decimal.js when it leaves their range. */
export function plus(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    if (a.units === 0) return b;
    if (b.units === 0) return a;
    const short = addUnits(a, b.units, b.places);
    if (short !== undefined) return short;
  }
  return ofWide(toWide(a).plus(toWide(b)));
}

export function minus(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    if (b.units === 0) return a;
    const short = addUnits(a, -b.units, b.places);
    if (short !== undefined) return short;
  }
  return ofWide(toWide(a).minus(toWide(b)));
}

/** a + units × 10^-places, unless it leaves the range in which units are exact. */
function addUnits(a: Decimal, units: number, places: number): Decimal | undefined {
  if (a.places === places) {
    const sum = a.units + units;
    return isExact(sum) ? ofUnits(sum, places) : undefined;
  }
  const finer = Math.max(a.places, places);
  const left = aligned(a.units, finer - a.places);
  const right = aligned(units, finer - places);
  const sum = left + right;
  return isExact(left) && isExact(right) && isExact(sum) ? ofUnits(sum, finer) : undefined;
}

export function times(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    if (a.units === 0 || b.units === 0) return ZERO;
    const units = a.units * b.units;
    if (isExact(units)) return ofUnits(units, a.places + b.places);
  }
  return ofWide(toWide(a).times(toWide(b)));
}

/** What is left of `a` after taking whole `b`s off; it has the sign of `a`. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  if (a.wide === undefined && b.wide === undefined) {
    const places = Math.max(a.places, b.places);
    const left = aligned(a.units, places - a.places);
    const right = aligned(b.units, places - b.places);
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

/** Units with so many more places. Zero has none, so it must not meet a power that is infinite. */
function aligned(units: number, places: number): number {
  return places === 0 || units === 0 ? units : units * power(places);
}

/** A double operation on whole numbers whose result is within the safe range has not been rounded. */
function isExact(units: number): boolean {
  return units <= LARGEST && units >= -LARGEST;
}
