import type { Condition, Leaf, Moment, Rule, Strategy } from '../strategy.js';
import { MOMENTS } from '../strategy.js';
import { type FactReading, buildIndex } from './index/build-index.js';
import { comparisonOf } from './index/comparison.js';
import { type InSlices, atOnce } from './index/in-slices.js';
import {
  type ConditionTrace,
  type FactValues,
  type PromptEngine,
  type RuleTrace,
  inRank,
} from './matcher.js';
import { normalFormOf } from './index/normal-form.js';
import { leafPredicate, meaningOf } from './predicate.js';
import { isIn } from './index/region.js';
import { type Column, type RuleIndex, matchIn, noteSegment } from './index/rule-index.js';
import { regionOf, segmentOf } from './index/segments.js';

type StrategyIndex = RuleIndex<FactValues, Rule>;

/** The engine that serves: compiled once, synchronous, its cost almost independent of the number of rules. */
export function compiledEngine(strategy: Strategy): PromptEngine {
  return atOnce(compileSteps(strategy));
}

/** Compiles a strategy bit by bit, for a process that has requests to answer meanwhile. */
export function* compileSteps(strategy: Strategy): InSlices<PromptEngine> {
  const indexes = new Map<Moment, StrategyIndex>();
  for (const moment of MOMENTS) {
    const rules = inRank(strategy.rules.filter((rule) => rule.moment === moment));
    yield;
    if (rules.length === 0) continue;
    const ranked = rules.map((rule) => ({ rule, conditions: rule.conditions }));
    indexes.set(moment, yield* buildIndex(ranked, strategy, MAPS));
  }
  return {
    match: ({ moment, facts }) => {
      const index = indexes.get(moment);
      return index === undefined ? [] : matchIn(index, facts);
    },
    trace: ({ moment, facts }) => {
      const index = indexes.get(moment);
      return index === undefined ? [] : traceIn(strategy, index, facts);
    },
  };
}

/**
 * Names of the rules whose conditions would take too many boxes, in file order: they match as right as all others, but for
 * want of an index they are looked at more often.
 */
export function unindexed(strategy: Strategy): readonly string[] {
  return MOMENTS.flatMap((moment) => {
    const rules = strategy.rules.filter((rule) => rule.moment === moment);
    return atOnce(normalFormOf(rules, strategy)).cut.map((position) => rules[position]?.name ?? '');
  });
}

const MAPS: FactReading<FactValues> = {
  read: (facts, fact) => facts.get(fact),
  locatorOf: (columns) => (facts, notes) => {
    for (const column of columns) {
      const value = facts.get(column.fact);
      noteSegment(notes, column, value === undefined ? 0 : segmentOf(column.segments, value));
    }
  },
};

/** What became of every rule: the same match says which hold, and the same segments why. */
function traceIn(strategy: Strategy, index: StrategyIndex, facts: FactValues): readonly RuleTrace[] {
  const matched = new Set(matchIn(index, facts));
  const columns = new Map(index.columns.map((column) => [column.fact, column]));
  const decide = (leaf: Leaf) => decideLeaf(leaf, columns.get(leaf.fact), facts);
  return index.rules
    .toSorted((a, b) => a.index - b.index)
    .map((rule) => {
      if (rule.conditions === undefined) return { rule, matched: matched.has(rule) };
      const conditions = traceOf(rule.conditions, strategy.conditions, decide);
      return { rule, matched: matched.has(rule), conditions };
    });
}

/** By the segment of the fact where the index knows the comparison, else as the checks of the index decide. */
function decideLeaf(leaf: Leaf, column: Column | undefined, facts: FactValues): boolean {
  const comparison = comparisonOf(leaf);
  if (column !== undefined && comparison !== undefined) {
    const region = regionOf(column.segments, comparison);
    const value = facts.get(leaf.fact);
    if (region !== undefined)
      return isIn(region, value === undefined ? 0 : segmentOf(column.segments, value));
  }
  return leafPredicate(leaf, MAPS.read)(facts);
}

/** What became of a condition and of each one inside it. */
function traceOf(
  condition: Condition,
  named: Strategy['conditions'],
  decide: (leaf: Leaf) => boolean,
): ConditionTrace {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const children = condition.of.map((part) => traceOf(part, named, decide));
      const holds =
        condition.kind === 'all'
          ? children.every((child) => child.holds)
          : children.some((child) => child.holds);
      return { condition, holds, children };
    }
    case 'not': {
      const child = traceOf(condition.of, named, decide);
      return { condition, holds: !child.holds, children: [child] };
    }
    case 'named': {
      const child = traceOf(meaningOf(condition.name, named), named, decide);
      return { condition, holds: child.holds, children: [child] };
    }
    case 'leaf':
      return { condition, holds: decide(condition), children: [] };
  }
}
