import { isDecimal } from '../../money/decimal.js';
import { compareFactValues } from '../fact-order.js';
import type { FactValue } from '../strategy.js';
import type { Comparison } from './comparison.js';
import { type InSlices, sortInSlices } from './in-slices.js';
import { type Region, complement, intersection, union } from './region.js';
import { type ScaledCuts, countUpTo, keyOf, scaledCuts } from './scaled-cuts.js';

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
  let ordered = false;
  const collect = (comparison: Comparison): void => {
    switch (comparison.kind) {
      case 'not':
        collect(comparison.of);
        break;
      case 'all':
      case 'any':
        comparison.of.forEach(collect);
        break;
      case 'equal':
      case 'below':
      case 'up_to':
        ordered ||= comparison.kind !== 'equal' || isDecimal(comparison.value);
        if (comparison.kind !== 'up_to') cuts.push({ value: comparison.value, after: false });
        if (comparison.kind !== 'below') cuts.push({ value: comparison.value, after: true });
    }
  };
  for (let i = 0; i < comparisons.length; i++) {
    const comparison = comparisons[i];
    if (comparison !== undefined) collect(comparison);
    if (i % COLLECTED_AT_ONCE === 0) yield;
  }
  return ordered ? yield* orderedBy(cuts) : tableOf(cuts);
}

const COLLECTED_AT_ONCE = 2000;

function tableOf(cuts: readonly Cut[]): Segments {
  const places = new Map<FactValue, number>();
  for (const { value } of cuts) if (!places.has(value)) places.set(value, places.size + 2);
  return { kind: 'table', count: places.size + 2, places };
}

function* orderedBy(cuts: readonly Cut[]): InSlices<Segments> {
  const sorted = yield* sortInSlices(cuts, compareCuts);
  const distinct: Cut[] = [];
  for (const cut of sorted) {
    const last = distinct.at(-1);
    if (last === undefined || compareCuts(last, cut) !== 0) distinct.push(cut);
  }
  yield;
  return { kind: 'ordered', count: distinct.length + 2, cuts: distinct, scaled: scaledCuts(distinct) };
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
      return comparison.kind === 'any'
        ? union(regions)
        : regions.reduce(intersection, [1, segments.count]);
    }
    case 'equal':
    case 'below':
    case 'up_to':
      return segments.kind === 'table' ? entry(segments.places, comparison) : between(segments, comparison);
  }
}

type Single = Extract<Comparison, { readonly value: FactValue }>;

function entry(places: ReadonlyMap<FactValue, number>, { kind, value }: Single): Region | undefined {
  const place = kind === 'equal' ? places.get(value) : undefined;
  return place === undefined ? undefined : [place, place + 1];
}

type Ordered = Extract<Segments, { readonly kind: 'ordered' }>;

function between(segments: Ordered, { kind, value }: Single): Region | undefined {
  const from = kind === 'equal' ? firstAfter(segments, { value, after: false }) : 1;
  const to = firstAfter(segments, { value, after: kind !== 'below' });
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** The segment that begins at a cut; undefined when there is no such cut. */
function firstAfter({ cuts }: Ordered, cut: Cut): number | undefined {
  const count = cutsUpTo(cuts, cut);
  const last = cuts[count - 1];
  return last !== undefined && compareCuts(last, cut) === 0 ? 1 + count : undefined;
}
