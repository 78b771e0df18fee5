import { compareDecimals, equals } from '../../money/compare.js';
import { isDecimal } from '../../money/decimal.js';
import type { Decorator, FactValue, Operator } from '../strategy.js';

/** One side of a comparison: a fact's value or a rule's, which may be a list of values. */
export type Side = FactValue | readonly FactValue[];
export type Compare = (fact: Side, value: Side) => boolean;

/**
 * The ten operators on typed values: decimals compare as numbers of any size, instants as points in time, dates and
 * times of day in their order, which their text has too.
 */
export const OPERATIONS: Readonly<Record<Operator, Compare>> = {
  equal: same,
  notEqual: (fact, value) => !same(fact, value),
  in: (fact, value) => has(value, fact),
  notIn: (fact, value) => !has(value, fact),
  contains: has,
  doesNotContain: (fact, value) => !has(fact, value),
  lessThan: (fact, value) => order(fact, value) < 0,
  lessThanInclusive: (fact, value) => order(fact, value) <= 0,
  greaterThan: (fact, value) => order(fact, value) > 0,
  greaterThanInclusive: (fact, value) => order(fact, value) >= 0,
};

/** The six decorators: each makes another comparison out of one. */
export const DECORATIONS: Readonly<Record<Decorator, (next: Compare) => Compare>> = {
  someFact: (next) => (fact, value) => listOf(fact).some((item) => next(item, value)),
  everyFact: (next) => (fact, value) => listOf(fact).every((item) => next(item, value)),
  someValue: (next) => (fact, value) => listOf(value).some((item) => next(fact, item)),
  everyValue: (next) => (fact, value) => listOf(value).every((item) => next(fact, item)),
  swap: (next) => (fact, value) => next(value, fact),
  not: (next) => (fact, value) => !next(fact, value),
};

function same(a: Side, b: Side): boolean {
  if (isDecimal(a) && isDecimal(b)) return equals(a, b);
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => same(item, b[i] ?? ''));
  return a === b;
}

function order(a: Side, b: Side): number {
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function has(list: Side, item: Side): boolean {
  return listOf(list).some((member) => same(member, item));
}

function isList(side: Side): side is readonly FactValue[] {
  return Array.isArray(side);
}

function listOf(side: Side): readonly FactValue[] {
  if (!isList(side)) throw new Error('a single value where the check of the document asks for a list');
  return side;
}
