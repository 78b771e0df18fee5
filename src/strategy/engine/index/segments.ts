import { isDecimal } from '../../../money/decimal.js';
import { compareFactValues } from '../../fact-order.js';
import type { FactValue } from '../../strategy.js';
import type { Comparison } from './comparison.js';
import { type InSlices, type Pace, isDue, sortInSlices } from './in-slices.js';
import { type Region, complement, extend, intersection, union } from './region.js';
import { type ScaledCuts, countUpTo, keyOf, nextNumber, scaledCuts } from './scaled-cuts.js';

/**
 * What the constants of all rules make of one fact's values: pieces within which every comparison says the same. Segment 0
 * is a fact that was not sent.
 */
export type Segments =
  /** Values that are only ever asked for by equality: a segment each, and 1 for all others. */
  | { readonly kind: 'table'; readonly count: number; readonly places: ReadonlyMap<FactValue, number> }
  /** Values in an order: segment 1 lies below the first cut, the next one between it and the second. */
  | {
      readonly kind: 'ordered';
      readonly count: number;
      readonly cuts: readonly Cut[];
      /** The same as plain numbers, when they are numbers that fit. */
      readonly scaled: ScaledCuts | undefined;
    };

/** Before or after all values that equal this one. */
export type Cut = { readonly value: FactValue; readonly after: boolean };

export function* segmentsOf(comparisons: readonly Comparison[]): InSlices<Segments> {
  const cuts: Cut[] = [];
  const places = new Map<FactValue, number>();
  const ordered = comparisons.some(needsOrder);
  const pace: Pace = { work: 0 };
  for (const comparison of comparisons) {
    let constants = 0;
    eachConstant(comparison, (value, kind) => {
      constants += 1;
      if (!ordered) {
        if (!places.has(value)) places.set(value, places.size + 2);
        return;
      }
      if (kind !== 'up_to') cuts.push({ value, after: false });
      if (kind !== 'below') cuts.push({ value, after: true });
    });
    if (isDue(pace, 2 * constants)) yield;
  }
  return ordered ? yield* orderedBy(cuts) : { kind: 'table', count: places.size + 2, places };
}

/** Values that only differ go into a table, and numbers do not: 1.5 is 1.5 whatever object it is. */
function needsOrder(comparison: Comparison): boolean {
  switch (comparison.kind) {
    case 'not':
      return needsOrder(comparison.of);
    case 'all':
    case 'any':
      return comparison.of.some(needsOrder);
    case 'one_of':
      return isDecimal(comparison.values[0]);
    case 'below':
    case 'up_to':
      return true;
  }
}

function eachConstant(
  comparison: Comparison,
  visit: (value: FactValue, kind: 'one_of' | 'below' | 'up_to') => void,
): void {
  switch (comparison.kind) {
    case 'not':
      eachConstant(comparison.of, visit);
      break;
    case 'all':
    case 'any':
      for (const part of comparison.of) eachConstant(part, visit);
      break;
    case 'one_of':
      for (const value of comparison.values) visit(value, 'one_of');
      break;
    case 'below':
    case 'up_to':
      visit(comparison.value, comparison.kind);
  }
}

function* orderedBy(cuts: readonly Cut[]): InSlices<Segments> {
  const scaled = yield* scaledCuts(cuts);
  const compare =
    scaled === undefined ? compareAmong(cuts) : (a: number, b: number) => keyAt(scaled, a) - keyAt(scaled, b);
  const sorted = yield* sortInSlices([...cuts.keys()], compare);
  const distinct: Cut[] = [];
  const keys = new Float64Array(cuts.length);
  const pace: Pace = { work: 0 };
  for (const [i, at] of sorted.entries()) {
    const [cut, before] = [cuts[at], sorted[i - 1]];
    if (cut === undefined || (before !== undefined && compare(before, at) === 0)) continue;
    if (scaled !== undefined) keys[distinct.length] = keyAt(scaled, at);
    distinct.push(cut);
    if (isDue(pace)) yield;
  }
  return {
    kind: 'ordered',
    count: distinct.length + 2,
    cuts: distinct,
    scaled: scaled && { places: scaled.places, keys: keys.slice(0, distinct.length) },
  };
}

function keyAt({ keys }: ScaledCuts, at: number): number {
  return keys[at] ?? 0;
}

function compareAmong(cuts: readonly Cut[]): (a: number, b: number) => number {
  return (a, b) => {
    const [one, other] = [cuts[a], cuts[b]];
    return one === undefined || other === undefined ? 0 : compareCuts(one, other);
  };
}

function compareCuts(a: Cut, b: Cut): number {
  return compareFactValues(a.value, b.value) || Number(a.after) - Number(b.after);
}

/** The segment of a value that was sent. */
export function segmentOf(segments: Segments, value: FactValue): number {
  if (segments.kind === 'table') return segments.places.get(value) ?? 1;
  const { scaled } = segments;
  if (scaled !== undefined && isDecimal(value)) {
    const key = keyOf(value, scaled.places);
    if (!Number.isNaN(key)) return 1 + countUpTo(scaled.keys, key);
  }
  return 1 + cutsUpTo(segments.cuts, { value, after: false });
}

/** How many of the cuts come no later than this one. */
function cutsUpTo(cuts: readonly Cut[], cut: Cut): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = cuts[middle];
    if (other !== undefined && compareCuts(other, cut) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a comparison holds; undefined when one of its constants is none of those that made the segments. */
export function regionOf(segments: Segments, comparison: Comparison): Region | undefined {
  switch (comparison.kind) {
    case 'not': {
      const region = regionOf(segments, comparison.of);
      return region && complement(region, 1, segments.count);
    }
    case 'all':
    case 'any': {
      const regions: Region[] = [];
      for (const part of comparison.of) {
        const region = regionOf(segments, part);
        if (region === undefined) return undefined;
        regions.push(region);
      }
      return comparison.kind === 'any' ? union(regions) : regions.reduce(intersection, [1, segments.count]);
    }
    case 'one_of':
      return points(segments, comparison.values);
    case 'below':
    case 'up_to': {
      const to = startOf(segments, { value: comparison.value, after: comparison.kind === 'up_to' });
      return to === undefined ? undefined : [1, to];
    }
  }
}

/** The segments of single values. */
function points(segments: Segments, values: readonly FactValue[]): Region | undefined {
  const starts = new Int32Array(values.length);
  for (const [i, value] of values.entries()) {
    const start = pointOf(segments, value);
    if (start === undefined) return undefined;
    starts[i] = start;
  }
  const region: number[] = [];
  for (const start of starts.sort()) extend(region, start, start + 1);
  return region;
}

/** The segment of this value and no other; undefined when there is none. */
function pointOf(segments: Segments, value: FactValue): number | undefined {
  if (segments.kind === 'table') return segments.places.get(value);
  const end = startOf(segments, { value, after: true });
  return end === undefined ? undefined : startOf(segments, { value, after: false });
}

/** The segment that begins at a cut; undefined when there is no such cut. */
function startOf(segments: Segments, cut: Cut): number | undefined {
  if (segments.kind === 'table') return undefined;
  const { cuts, scaled } = segments;
  if (scaled !== undefined && isDecimal(cut.value)) {
    const before = keyOf(cut.value, scaled.places);
    const key = cut.after ? nextNumber(before) : before;
    const at = countUpTo(scaled.keys, key);
    return scaled.keys[at - 1] === key ? 1 + at : undefined;
  }
  const count = cutsUpTo(cuts, cut);
  const last = cuts[count - 1];
  return last !== undefined && compareCuts(last, cut) === 0 ? 1 + count : undefined;
}
