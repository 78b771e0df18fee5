import { type Decimal, power, toWide } from './decimal.js';

/**
 * Below, equal to or above 0 as `a` is less than, equal to or more than `b`. Units brought to the same places may leave
 * the range in which they are exact; they are then beyond all units that did not have to be brought there.
 */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.wide !== undefined || b.wide !== undefined) return toWide(a).cmp(toWide(b));
  if (a.places === b.places) return a.units - b.units;
  return a.places < b.places
    ? compareAligned(a.units, b.units, b.places - a.places)
    : -compareAligned(b.units, a.units, a.places - b.places);
}

/** Zero has no places, so it must not meet a power that is infinite. */
function compareAligned(units: number, finer: number, places: number): number {
  return units === 0 ? -finer : units * power(places) - finer;
}

export function equals(a: Decimal, b: Decimal): boolean {
  return a.units === b.units && a.places === b.places && (a.wide === b.wide || compareDecimals(a, b) === 0);
}

export function lessThan(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) < 0;
}

export function atMost(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) <= 0;
}

export function greaterThan(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) > 0;
}

export function atLeast(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) >= 0;
}

export function least(a: Decimal, b: Decimal): Decimal {
  return lessThan(a, b) ? a : b;
}

export function greatest(a: Decimal, b: Decimal): Decimal {
  return greaterThan(a, b) ? a : b;
}
