import { atOnce } from '../index/in-slices.js';
import { buildIndex } from '../index/build-index.js';
import { type FactSchema, type FactsOf, readingOf } from './plain-facts.js';
import { type PlainCondition, type PlainRule, readPlainRules } from './plain-rules.js';
import { matchIn } from '../index/rule-index.js';

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
 * Facts that the schema does not name are not looked at.
 *
 * Throws a RatebookError INVALID_DOCUMENT with all faults of the rules, each with its path; the function it returns throws
 * INVALID_FACTS with all facts that are not of their type.
 */
export function compile<const S extends FactSchema, R extends PlainRule>(
  rules: readonly R[],
  { facts, conditions = {} }: CompileOptions<S>,
): (facts: FactsOf<S>) => readonly R[] {
  const read = readPlainRules({ rules, facts, conditions });
  const ranked = read.rules.toSorted((a, b) => b.priority - a.priority);
  const index = atOnce(buildIndex(ranked, read, readingOf(facts)));
  return (given) => matchIn(index, given);
}
