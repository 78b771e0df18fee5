import type { Condition, Leaf, Moment, Rule, Strategy } from '../strategy.js';
import { type Column, type Range, type RuleSet, addRule, columnOf, rangeOf } from './column.js';
import { type FactValues, type PromptEngine, inRank } from './matcher.js';
import { type Predicate, meaningOf, predicateOf, traceOf } from './predicate.js';

/**
 * The engine that serves: compiled once, synchronous, its cost almost independent of the number of rules. For each fact
 * an index tells which rules the fact's value lets through; what is in all of these sets is looked at one by one. The
 * index narrows and a predicate decides, so a condition that no index can hold costs time and never the right answer.
 */
export function compiledEngine(strategy: Strategy): PromptEngine {
  const indexes = new Map<Moment, Index>();
  const indexFor = (moment: Moment) => {
    const index = indexes.get(moment) ?? indexOf(strategy, moment);
    indexes.set(moment, index);
    return index;
  };
  return {
    match: ({ moment, facts }) => matchIndexed(indexFor(moment), facts),
    trace: ({ moment, facts }) =>
      strategy.rules
        .filter((rule) => rule.moment === moment)
        .map((rule) => {
          if (rule.conditions === undefined) return { rule, matched: true };
          const conditions = traceOf(rule.conditions, strategy.conditions, facts);
          return { rule, matched: conditions.holds, conditions };
        }),
  };
}

type Index = {
  /** Highest rank first: the position is the rule's bit. */
  readonly rules: readonly Rule[];
  /** What is left to decide of each rule; undefined where the columns say it all. */
  readonly rest: readonly (Predicate | undefined)[];
  readonly columns: readonly Column[];
  readonly all: RuleSet;
};

function indexOf(strategy: Strategy, moment: Moment): Index {
  const rules = inRank(strategy.rules.filter((rule) => rule.moment === moment));
  const split = rules.map(({ conditions }) => splitCondition(conditions, strategy));
  const all = setOf(rules.length, () => true);
  const facts = new Set(split.flatMap(({ ranges }) => [...ranges.keys()]));
  const columns = [...facts].map((fact) => {
    const constraints = split.flatMap(({ ranges }, rule) => {
      const own = ranges.get(fact);
      return own === undefined ? [] : [{ rule, ranges: own }];
    });
    return columnOf(
      fact,
      constraints,
      setOf(rules.length, (rule) => !(split[rule]?.ranges.has(fact) ?? false)),
    );
  });
  return { rules, rest: split.map(({ rest }) => rest), columns, all };
}

function matchIndexed({ rules, rest, columns, all }: Index, facts: FactValues): readonly Rule[] {
  const sets = columns.map(({ fact, admitted }) => admitted(facts.get(fact)));
  const matched: Rule[] = [];
  for (let word = 0; word < all.length; word++) {
    let bits = all[word] ?? 0;
    for (const set of sets) bits &= set[word] ?? 0;
    while (bits !== 0) {
      const position = word * 32 + (31 - Math.clz32(bits & -bits));
      bits &= bits - 1;
      const rule = rules[position];
      if (rule !== undefined && (rest[position]?.(facts) ?? true)) matched.push(rule);
    }
  }
  return matched;
}

type Split = { readonly ranges: ReadonlyMap<string, readonly Range[]>; readonly rest: Predicate | undefined };

/** Splits a rule's conditions into ranges of single facts, which all have to hold, and what else has to. */
function splitCondition(condition: Condition | undefined, strategy: Strategy): Split {
  const ranges = new Map<string, Range[]>();
  const others: Condition[] = [];
  for (const part of condition === undefined ? [] : conjuncts(condition, strategy)) {
    const range = part.kind === 'leaf' ? indexableRange(part, strategy) : undefined;
    if (part.kind !== 'leaf' || range === undefined) others.push(part);
    else ranges.set(part.fact, [...(ranges.get(part.fact) ?? []), range]);
  }
  const rest =
    others.length === 0 ? undefined : predicateOf({ kind: 'all', of: others }, strategy.conditions);
  return { ranges, rest };
}

/** The parts of nested `all`s and of names that stand for one. */
function conjuncts(condition: Condition, strategy: Strategy): readonly Condition[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap((part) => conjuncts(part, strategy));
    case 'named':
      return conjuncts(meaningOf(condition.name, strategy.conditions), strategy);
    case 'any':
    case 'not':
    case 'leaf':
      return [condition];
  }
}

function indexableRange(leaf: Leaf, { types }: Strategy): Range | undefined {
  return types.get(leaf.fact) === 'list' ? undefined : rangeOf(leaf);
}

/** The rules of which something is so. */
function setOf(count: number, holds: (rule: number) => boolean): RuleSet {
  const set = new Uint32Array(Math.ceil(count / 32));
  for (let rule = 0; rule < count; rule++) {
    if (holds(rule)) addRule(set, rule);
  }
  return set;
}
