import { type Decimal, decimal } from '../../money/decimal.js';
import { type FactRange, exampleOf, narrow, rangeOf } from './fact-range.js';
import type { Condition, Leaf, Rule, Strategy } from '../strategy.js';

/**
 * Where a rule can match: a range for each fact that it compares with a value. Where `unclear` says that more is asked,
 * the rule matches nowhere outside the box, but perhaps not everywhere inside.
 */
export type Box = {
  readonly rule: Rule;
  readonly ranges: ReadonlyMap<string, FactRange>;
  readonly unclear: string | undefined;
};

type Bounds = { readonly min: Decimal; readonly max?: Decimal };

const COUNT: Bounds = { min: decimal(0) };
/** The bounds of the whole numbers that Ratebook supplies itself. */
const BUILT_IN: ReadonlyMap<string, Bounds> = new Map([
  ['local_hour', { min: decimal(0), max: decimal(23) }],
  ['local_weekday', { min: decimal(1), max: decimal(7) }],
  ['local_day', { min: decimal(1), max: decimal(31) }],
  ['local_month', { min: decimal(1), max: decimal(12) }],
  ['account_age_days', COUNT],
  ['account_age_months', COUNT],
  ['subscription_age_months', COUNT],
]);

export function boxOf(strategy: Strategy, rule: Rule): Box {
  const ranges = new Map<string, FactRange>();
  const unclear = rule.conditions === undefined ? undefined : enclose(strategy, rule.conditions, ranges);
  return { rule, ranges, unclear: unclear === undefined ? undefined : `rule "${rule.name}" ${unclear}` };
}

/** Whether no fact set matches the rule, so that it ties with none. */
export function isEmpty(box: Box): boolean {
  return [...box.ranges.values()].some((range) => exampleOf(range) === undefined);
}

/** Narrows the ranges by what must hold; returns what could not be expressed by them. */
function enclose(
  strategy: Strategy,
  condition: Condition,
  ranges: Map<string, FactRange>,
): string | undefined {
  switch (condition.kind) {
    case 'all': {
      const unclear = condition.of.map((part) => enclose(strategy, part, ranges));
      return unclear.find((why) => why !== undefined);
    }
    case 'named': {
      const named = strategy.conditions.get(condition.name);
      return named === undefined ? undefined : enclose(strategy, named, ranges);
    }
    case 'any':
    case 'not':
      return `has a condition with \`${condition.kind}\``;
    case 'leaf':
      return encloseLeaf(strategy, condition, ranges);
  }
}

function encloseLeaf(strategy: Strategy, leaf: Leaf, ranges: Map<string, FactRange>): string | undefined {
  const { fact, operator, decorators, value } = leaf;
  if (value.kind === 'fact') return `compares ${fact} with ${value.fact}`;
  if (decorators.length > 0) return `compares ${fact} by \`${[...decorators, operator].join(':')}\``;
  const range = ranges.get(fact) ?? rangeOfFact(strategy, fact);
  const narrowed = range === undefined ? undefined : narrow(range, operator, value.value);
  if (narrowed === undefined) return `compares ${fact} by \`${operator}\``;
  ranges.set(fact, narrowed);
  return undefined;
}

function rangeOfFact(strategy: Strategy, fact: string): FactRange | undefined {
  const type = strategy.types.get(fact);
  if (type === undefined) return undefined;
  return rangeOf(type, strategy.facts.get(fact) ?? BUILT_IN.get(fact));
}
