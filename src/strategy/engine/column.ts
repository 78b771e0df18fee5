import { compareFactValues } from '../fact-order.js';
import type { FactValue, Leaf } from '../strategy.js';

/** A set of rules as bits, the rule of the highest rank first. All sets of one index have the same number of words. */
export type RuleSet = Uint32Array;

/** What a leaf lets through of one fact: single values, or what lies between bounds. */
export type Range =
  | { readonly kind: 'values'; readonly values: readonly FactValue[] }
  | { readonly kind: 'between'; readonly from?: Bound; readonly to?: Bound };
type Bound = { readonly value: FactValue; readonly inclusive: boolean };

/** The range of a leaf that compares one fact with constants and lets few of its values through; otherwise undefined. */
export function rangeOf({ operator, decorators, value }: Leaf): Range | undefined {
  if (decorators.length > 0 || value.kind === 'fact') return undefined;
  const constant = value.value;
  if (isList(constant)) return operator === 'in' ? { kind: 'values', values: constant } : undefined;
  switch (operator) {
    case 'equal':
      return { kind: 'values', values: [constant] };
    case 'lessThan':
    case 'lessThanInclusive':
      return { kind: 'between', to: { value: constant, inclusive: operator === 'lessThanInclusive' } };
    case 'greaterThan':
    case 'greaterThanInclusive':
      return { kind: 'between', from: { value: constant, inclusive: operator === 'greaterThanInclusive' } };
    case 'notEqual':
    case 'in':
    case 'notIn':
    case 'contains':
    case 'doesNotContain':
      return undefined;
  }
}

/** One rule's ranges of one fact; a value has to be in all of them. */
export type Constraint = { readonly rule: number; readonly ranges: readonly Range[] };

/**
 * Which rules the value of one fact lets through. The constants of all rules cut the values into segments, points and the
 * gaps between them in turn; within a segment every rule says the same, so that one set of rules a segment is enough.
 */
export type Column = { readonly fact: string; readonly admitted: (value: FactValue | undefined) => RuleSet };

export function columnOf(fact: string, constraints: readonly Constraint[], unconstrained: RuleSet): Column {
  const bounds = boundsOf(constraints);
  const segments = Array.from({ length: 2 * bounds.length + 1 }, () => unconstrained.slice());
  for (const { rule, ranges } of constraints) {
    for (const segment of segmentsOf(ranges, bounds)) addRule(segments[segment], rule);
  }
  return {
    fact,
    admitted: (value) =>
      value === undefined ? unconstrained : (segments[segmentOf(bounds, value)] ?? unconstrained),
  };
}

export function addRule(set: RuleSet | undefined, rule: number): void {
  if (set !== undefined) set[rule >>> 5] = (set[rule >>> 5] ?? 0) | (1 << (rule & 31));
}

/** Every constant that the constraints name, each once, in order. */
function boundsOf(constraints: readonly Constraint[]): readonly FactValue[] {
  const constants = constraints.flatMap(({ ranges }) => ranges.flatMap(constantsOf)).sort(compareFactValues);
  return constants.filter((value, i) => {
    const before = constants[i - 1];
    return before === undefined || compareFactValues(before, value) !== 0;
  });
}

function constantsOf(range: Range): readonly FactValue[] {
  if (range.kind === 'values') return range.values;
  return [range.from, range.to].flatMap((bound) => (bound === undefined ? [] : [bound.value]));
}

/** Segment 2i + 1 is the point of bound i, 2i the gap below it, the last one the gap above all. */
function segmentOf(bounds: readonly FactValue[], value: FactValue): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const bound = bounds[middle];
    const order = bound === undefined ? 0 : compareFactValues(bound, value);
    if (order === 0) return 2 * middle + 1;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** The segments whose values are in all of the ranges. */
function segmentsOf(ranges: readonly Range[], bounds: readonly FactValue[]): readonly number[] {
  const [first = [], ...others] = ranges.map((range) => spanOf(range, bounds));
  return others.reduce<readonly number[]>((left, span) => {
    const own = new Set(span);
    return left.filter((segment) => own.has(segment));
  }, first);
}

function spanOf(range: Range, bounds: readonly FactValue[]): readonly number[] {
  if (range.kind === 'values') return range.values.map((value) => segmentOf(bounds, value));
  const { from, to } = range;
  const low = from === undefined ? 0 : segmentOf(bounds, from.value) + (from.inclusive ? 0 : 1);
  const high = to === undefined ? 2 * bounds.length : segmentOf(bounds, to.value) - (to.inclusive ? 0 : 1);
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
}

function isList(value: FactValue | readonly FactValue[]): value is readonly FactValue[] {
  return Array.isArray(value);
}
