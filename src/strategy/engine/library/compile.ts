import { atOnce } from '../index/in-slices.js';
import { buildIndex } from '../index/build-index.js';
import { matchIn } from '../index/rule-index.js';
import { leavesOf } from '../matcher.js';
import { type FactSchema, type FactsOf, readingOf, requireObject } from './plain-facts.js';
import { type PlainCondition, type PlainRule, type ReadRules, readPlainRules } from './plain-rules.js';

export type { FactSchema, FactsOf } from './plain-facts.js';
export type { PlainCondition, PlainRule } from './plain-rules.js';

export type CompileOptions<S extends FactSchema> = {
  /** Every fact that a rule may read, with its type: `{ model: 'string', hour: 'number', tags: 'list' }`. */
  readonly facts: S;
  /** Conditions by name, for `{ condition: name }`. */
  readonly conditions?: Readonly<Record<string, PlainCondition>>;
};

/**
 * Makes a function that tells which of these rules match a set of facts: the caller's own rule objects, highest priority
 * first, then in the order given. The rules are those of json-rules-engine, the facts a plain object. It answers at once,
 * in a time that hardly depends on the number of rules, and does not see later changes of the rules.
 *
 * A comparison with a fact that is `undefined`, `null` or absent is false, whatever the operator; `not` of it is true.
 * Facts that the schema does not name, or that no rule reads, are not looked at. A number of a rule has at most 16 integer
 * and 18 fraction digits.
 *
 * Throws a RatebookError INVALID_DOCUMENT with all faults of the rules, each with its path; the function it returns throws
 * INVALID_FACTS with all facts that are not of their type, whichever rules match.
 */
export function compile<const S extends FactSchema, R extends PlainRule>(
  rules: readonly R[],
  { facts, conditions = {} }: CompileOptions<S>,
): (facts: FactsOf<S>) => readonly R[] {
  const read = readPlainRules({ rules, facts, conditions });
  const ranked = read.rules.toSorted((a, b) => b.priority - a.priority);
  const reading = readingOf(facts);
  const index = atOnce(buildIndex(ranked, read, reading));
  const looked = new Set(index.columns.map(({ fact }) => fact));
  const others = factsRead(read).filter((fact) => !looked.has(fact));
  return (given) => {
    requireObject(given);
    // The index reads its own facts in every call, the rules all others only as it comes: a wrong one is told always.
    for (const fact of others) reading.read(given, fact);
    return matchIn(index, given);
  };
}

function factsRead({ rules, conditions }: ReadRules<unknown>): readonly string[] {
  const all = [...rules.map((rule) => rule.conditions), ...conditions.values()];
  const facts = all
    .flatMap(leavesOf)
    .flatMap(({ fact, value }) => (value.kind === 'fact' ? [fact, value.fact] : [fact]));
  return [...new Set(facts)];
}
