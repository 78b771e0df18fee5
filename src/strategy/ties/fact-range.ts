import { GRIDS, type OrderedType, ceilingOf, floorOf, fromGrid, toGrid } from './fact-grid.js';
import type { FactDeclaration, FactType, FactValue, Leaf } from '../strategy.js';

/**
 * The values that a fact may have where some comparisons hold. Ordered types are whole numbers on a grid, so "above" is
 * "from the next one on" and whether a range is empty is decided exactly.
 */
export type FactRange =
  | {
      readonly kind: 'ordered';
      readonly type: OrderedType;
      /** Both inclusive. */
      readonly low: bigint;
      readonly high: bigint;
      readonly only?: ReadonlySet<bigint>;
      readonly except: ReadonlySet<bigint>;
    }
  | { readonly kind: 'texts'; readonly only?: ReadonlySet<string>; readonly except: ReadonlySet<string> }
  | { readonly kind: 'lists'; readonly has: ReadonlySet<string>; readonly lacks: ReadonlySet<string> };

type Ordered = Extract<FactRange, { kind: 'ordered' }>;
type Texts = Extract<FactRange, { kind: 'texts' }>;

/** All values of the type, or of the declaration where there is one. */
export function rangeOf(type: FactType, declaration?: Partial<FactDeclaration>): FactRange {
  const oneOf = declaration?.oneOf;
  if (type === 'list') return { kind: 'lists', has: new Set(), lacks: new Set() };
  if (type === 'string') {
    return { kind: 'texts', except: new Set(), ...(oneOf === undefined ? {} : { only: textsOf(oneOf) }) };
  }
  const { low, high } = GRIDS[type];
  let range: Ordered = { kind: 'ordered', type, low, high, except: new Set() };
  if (declaration?.min !== undefined) range = atLeast(range, toGrid(type, declaration.min));
  if (declaration?.max !== undefined) range = atMost(range, toGrid(type, declaration.max));
  return oneOf === undefined ? range : { ...range, only: gridOf(type, oneOf) };
}

/** The part of the range in which the comparison with a value holds; undefined where it is none that a range can tell. */
export function narrow(
  range: FactRange,
  operator: Leaf['operator'],
  value: LeafConstant,
): FactRange | undefined {
  const values = isList(value) ? value : [value];
  switch (range.kind) {
    case 'ordered':
      return narrowOrdered(range, operator, gridOf(range.type, values));
    case 'texts':
      return narrowTexts(range, operator, textsOf(values));
    case 'lists':
      if (operator === 'contains') return meet(range, { ...range, has: textsOf(values) });
      if (operator === 'doesNotContain') return meet(range, { ...range, lacks: textsOf(values) });
      return undefined;
  }
}

export type LeafConstant = FactValue | readonly FactValue[];

function narrowOrdered(
  range: Ordered,
  operator: Leaf['operator'],
  values: ReadonlySet<bigint>,
): Ordered | undefined {
  const [first = 0n] = values;
  switch (operator) {
    case 'equal':
    case 'in':
      return { ...range, only: both(range.only, values) };
    case 'notEqual':
    case 'notIn':
      return { ...range, except: union(range.except, values) };
    case 'lessThan':
      return atMost(range, first - 1n);
    case 'lessThanInclusive':
      return atMost(range, first);
    case 'greaterThan':
      return atLeast(range, first + 1n);
    case 'greaterThanInclusive':
      return atLeast(range, first);
    case 'contains':
    case 'doesNotContain':
      return undefined;
  }
}

function narrowTexts(
  range: Texts,
  operator: Leaf['operator'],
  values: ReadonlySet<string>,
): Texts | undefined {
  if (operator === 'equal' || operator === 'in') return { ...range, only: both(range.only, values) };
  if (operator === 'notEqual' || operator === 'notIn')
    return { ...range, except: union(range.except, values) };
  return undefined;
}

/** What lies in both ranges of one fact. */
export function meet(a: FactRange, b: FactRange): FactRange {
  if (a.kind === 'ordered' && b.kind === 'ordered') {
    const narrowed = atMost(atLeast({ ...a, except: union(a.except, b.except) }, b.low), b.high);
    return b.only === undefined ? narrowed : { ...narrowed, only: both(a.only, b.only) };
  }
  if (a.kind === 'texts' && b.kind === 'texts') {
    const narrowed = { ...a, except: union(a.except, b.except) };
    return b.only === undefined ? narrowed : { ...narrowed, only: both(a.only, b.only) };
  }
  if (a.kind === 'lists' && b.kind === 'lists') {
    return { kind: 'lists', has: union(a.has, b.has), lacks: union(a.lacks, b.lacks) };
  }
  return a;
}

/** The least and the greatest that the range may hold, to tell at a glance that two have nothing in common. */
export function hullOf(
  range: FactRange,
): { readonly low: bigint | string; readonly high: bigint | string } | undefined {
  if (range.kind === 'lists' || (range.kind === 'texts' && range.only === undefined)) return undefined;
  const only: (bigint | string)[] = [...(range.only ?? [])];
  const [first, ...rest] = only;
  if (first === undefined) return range.kind === 'ordered' ? range : undefined;
  let [low, high] = [first, first];
  for (const value of rest) [low, high] = [value < low ? value : low, value > high ? value : high];
  return { low, high };
}

/** A value of the range, a plain one where there is a choice; undefined when it is empty. */
export function exampleOf(range: FactRange): FactValue | undefined {
  switch (range.kind) {
    case 'ordered': {
      const found = gridExample(range);
      return found === undefined ? undefined : fromGrid(range.type, found);
    }
    case 'texts':
      if (range.only !== undefined) return [...range.only].find((text) => !range.except.has(text));
      for (let i = 1; ; i++) if (!range.except.has(`text ${i}`)) return `text ${i}`;
    case 'lists':
      return [...range.has].some((text) => range.lacks.has(text)) ? undefined : [...range.has];
  }
}

function gridExample(range: Ordered): bigint | undefined {
  const { step, round, usual } = GRIDS[range.type];
  if (range.only !== undefined) {
    return [...range.only].find(
      (at) => at >= range.low && at <= range.high && at % step === 0n && !range.except.has(at),
    );
  }
  const low = ceilingOf(range.low, step);
  const high = floorOf(range.high, step);
  let start = usual;
  if (low > usual) start = ceilingOf(low, round) <= high ? ceilingOf(low, round) : low;
  else if (high < usual) start = floorOf(high, round) >= low ? floorOf(high, round) : high;
  // Each turn but the last meets another of the excepted values.
  for (let at = start; at <= high && at >= low; at += step) if (!range.except.has(at)) return at;
  for (let at = start - step; at >= low; at -= step) if (at <= high && !range.except.has(at)) return at;
  return undefined;
}

function atLeast(range: Ordered, low: bigint): Ordered {
  return low > range.low ? { ...range, low } : range;
}

function atMost(range: Ordered, high: bigint): Ordered {
  return high < range.high ? { ...range, high } : range;
}

function both<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T>): ReadonlySet<T> {
  return a === undefined ? b : new Set([...a].filter((value) => b.has(value)));
}

function union<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return b.size === 0 ? a : new Set([...a, ...b]);
}

function gridOf(type: OrderedType, values: readonly FactValue[]): ReadonlySet<bigint> {
  return new Set(values.map((value) => toGrid(type, value)));
}

function textsOf(values: readonly FactValue[]): ReadonlySet<string> {
  return new Set(values.map(String));
}

function isList(value: LeafConstant): value is readonly FactValue[] {
  return Array.isArray(value);
}
