import { type Decimal, isDecimal, power } from '../../../money/decimal.js';
import type { FactValue } from '../../strategy.js';
import { type InSlices, type Pace, isDue } from './in-slices.js';

/**
 * Cuts between numbers as plain numbers: each is a constant times 10^places, a whole number that is exact in binary. A cut
 * after a constant is the next number that binary can hold.
 *
 * A value is compared as its key. A key of more places than the cuts have is rounded, but never to a whole number: n ÷ 10^k
 * is at least 10^-k away from one, and with n below 2^53 rounding moves it by less than that. A key that leaves the exact
 * range stays outside of all cuts. So the order of keys and cuts is that of the numbers.
 */
export type ScaledCuts = { readonly places: number; readonly keys: Float64Array };

/** The keys in the order of the cuts; undefined when a cut is no number, or does not fit. */
export function* scaledCuts(
  cuts: readonly { readonly value: FactValue; readonly after: boolean }[],
): InSlices<ScaledCuts | undefined> {
  const pace: Pace = { work: 0 };
  let places = 0;
  for (const { value } of cuts) {
    if (!isDecimal(value) || value.wide !== undefined) return undefined;
    places = Math.max(places, value.places);
    if (isDue(pace)) yield;
  }
  if (places > LARGEST_EXACT) return undefined;
  const keys = new Float64Array(cuts.length);
  for (const [i, { value, after }] of cuts.entries()) {
    const key = isDecimal(value) ? keyOf(value, places) : Number.NaN;
    if (!Number.isSafeInteger(key)) return undefined;
    keys[i] = after ? nextNumber(key) : key;
    if (isDue(pace)) yield;
  }
  return { places, keys };
}

/** 10^22 is the largest power of ten that is exact. */
const LARGEST_EXACT = 22;

/** The number times 10^places; NaN when that cannot be told without loss. */
export function keyOf({ units, places, wide }: Decimal, scale: number): number {
  if (wide !== undefined || places - scale > LARGEST_EXACT) return Number.NaN;
  return places <= scale ? units * power(scale - places) : units / power(places - scale);
}

/** So few keys are counted one by one: that takes no turns which the processor guesses wrong. */
const FEW = 8;

/** How many of the keys, which ascend, are not above this one. */
export function countUpTo(keys: Float64Array, key: number): number {
  return keys.length <= FEW ? countFew(keys, key) : search(keys, key);
}

function countFew(keys: Float64Array, key: number): number {
  let count = 0;
  for (let i = 0; i < keys.length; i++) count += Number((keys[i] ?? 0) <= key);
  return count;
}

function search(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The smallest binary number above this one. */
export function nextNumber(number: number): number {
  if (number === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  view.setBigInt64(0, view.getBigInt64(0) + (number > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
