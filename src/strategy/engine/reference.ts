import { Engine as RulesEngine, Operator, OperatorDecorator, Rule as EngineRule } from 'json-rules-engine';
import type { NestedCondition, RuleResult, TopLevelCondition } from 'json-rules-engine';
import { type Engine, type FactValues, type RuleTrace, inRank, leavesOf } from './matcher.js';
import { DECORATIONS, OPERATIONS, type Side } from './operators.js';
import { traceCondition } from './reference-trace.js';
import {
  type Condition,
  DECORATORS,
  type LeafValue,
  type Moment,
  OPERATORS,
  type Rule,
  type Strategy,
} from '../strategy.js';

/**
 * The reference engine: json-rules-engine with typed operators under its own names. It visits every rule and is slow;
 * the document's grammar is that engine's, so its word on what matches is the last.
 *
 * Each evaluation has an engine of its own, since runs that overlap on one engine lose events. Rules hold no state of a
 * run and are made once.
 */
export function referenceEngine(strategy: Strategy): Engine {
  const named = [...strategy.conditions].map(([name, condition]) => [name, rootOf(condition)] as const);
  const prepared = new Map<Moment, Prepared>();
  const preparedFor = (moment: Moment) => {
    const known = prepared.get(moment) ?? prepare(strategy, moment);
    prepared.set(moment, known);
    return known;
  };

  const run = async (moment: Moment, values: FactValues): Promise<ReadonlyMap<string, RuleResult>> => {
    const { conditional, facts } = preparedFor(moment);
    const engine = new RulesEngine();
    for (const operator of typedOperators) engine.addOperator(operator);
    for (const decorator of typedDecorators) engine.addOperatorDecorator(decorator);
    for (const [name, condition] of named) engine.setCondition(name, condition);
    for (const rule of conditional) engine.addRule(rule);
    for (const fact of facts) engine.addFact(fact, values.get(fact) ?? NOT_SENT);
    const { results, failureResults } = await engine.run();
    return new Map([...results, ...failureResults].map((result) => [result.name, result]));
  };

  return {
    match: async ({ moment, facts }) => {
      const results = await run(moment, facts);
      return preparedFor(moment).ranked.filter(
        (rule) => rule.conditions === undefined || results.get(rule.name)?.result === true,
      );
    },
    trace: async ({ moment, facts }) => {
      const results = await run(moment, facts);
      return preparedFor(moment).rules.map((rule) => traceOf(strategy, rule, results.get(rule.name)));
    },
  };
}

/** What does not change from run to run. */
type Prepared = {
  readonly rules: readonly Rule[];
  readonly ranked: readonly Rule[];
  readonly conditional: readonly EngineRule[];
  /** Every fact that a condition of the moment reads. */
  readonly facts: readonly string[];
};

function prepare(strategy: Strategy, moment: Moment): Prepared {
  const rules = strategy.rules.filter((rule) => rule.moment === moment);
  const conditions = rules.flatMap((rule) => rule.conditions ?? []);
  const leaves = [...conditions, ...strategy.conditions.values()].flatMap(leavesOf);
  const facts = leaves.flatMap(({ fact, value }) => (value.kind === 'fact' ? [fact, value.fact] : [fact]));
  return { rules, ranked: inRank(rules), conditional: rules.flatMap(engineRule), facts: [...new Set(facts)] };
}

function engineRule({ name, conditions }: Rule): readonly EngineRule[] {
  if (conditions === undefined) return [];
  return [new EngineRule({ name, conditions: rootOf(conditions), event: { type: 'matched' } })];
}

/** The engine wants a group at the root. */
function rootOf(condition: Condition): TopLevelCondition {
  return condition.kind === 'leaf' ? { all: [nested(condition)] } : (nested(condition) as TopLevelCondition);
}

function nested(condition: Condition): NestedCondition {
  switch (condition.kind) {
    case 'all':
      return { all: condition.of.map(nested) };
    case 'any':
      return { any: condition.of.map(nested) };
    case 'not':
      return { not: nested(condition.of) };
    case 'named':
      return { condition: condition.name };
    case 'leaf':
      return {
        fact: condition.fact,
        operator: [...condition.decorators, condition.operator].join(':'),
        value: engineValue(condition.value),
      };
  }
}

/** The engine deep-clones rule values in every run; a function goes through as it is. */
function engineValue(value: LeafValue): unknown {
  return value.kind === 'fact' ? { fact: value.fact } : () => value.value;
}

type EngineSide = Side | typeof NOT_SENT | (() => Side);

/** Stands for a fact that was not sent; whatever the operator and its decorators, a leaf with it is false. */
const NOT_SENT = Symbol('not sent');

const typedOperators = OPERATORS.map(
  (name) =>
    new Operator<EngineSide, EngineSide>(name, (fact, value) => whenSent(fact, value, OPERATIONS[name])),
);

const typedDecorators = DECORATORS.map(
  (name) =>
    new OperatorDecorator<EngineSide, EngineSide, Side, Side>(name, (fact, value, next) =>
      whenSent(fact, value, DECORATIONS[name](next)),
    ),
);

function whenSent(
  fact: EngineSide,
  value: EngineSide,
  compare: (fact: Side, value: Side) => boolean,
): boolean {
  const left = typeof fact === 'function' ? fact() : fact;
  const right = typeof value === 'function' ? value() : value;
  return left !== NOT_SENT && right !== NOT_SENT && compare(left, right);
}

function traceOf(strategy: Strategy, rule: Rule, result: RuleResult | undefined): RuleTrace {
  if (rule.conditions === undefined) return { rule, matched: true };
  if (result === undefined) throw new Error(`the engine gave no result for ${rule.name}`);
  return {
    rule,
    matched: result.result === true,
    conditions: traceCondition(strategy, rule.conditions, result.conditions),
  };
}
