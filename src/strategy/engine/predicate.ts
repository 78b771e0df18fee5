import type { Condition, FactValue, Leaf, Strategy } from '../strategy.js';
import type { ConditionTrace, FactValues } from './matcher.js';
import { type Compare, DECORATIONS, OPERATIONS } from './operators.js';

/** Decides a condition on facts. Made once when a strategy is loaded; deciding parses nothing and allocates nothing. */
export type Predicate = (facts: FactValues) => boolean;

/** The condition as a tree of closures. No code is generated from text, so a rule file can never become a program. */
export function predicateOf(condition: Condition, named: Strategy['conditions']): Predicate {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.of.map((part) => predicateOf(part, named));
      return (facts) => parts.every((part) => part(facts));
    }
    case 'any': {
      const parts = condition.of.map((part) => predicateOf(part, named));
      return (facts) => parts.some((part) => part(facts));
    }
    case 'not': {
      const inner = predicateOf(condition.of, named);
      return (facts) => !inner(facts);
    }
    case 'named':
      return predicateOf(meaningOf(condition.name, named), named);
    case 'leaf':
      return leafPredicate(condition);
  }
}

/** What became of a condition and of each one inside it. */
export function traceOf(
  condition: Condition,
  named: Strategy['conditions'],
  facts: FactValues,
): ConditionTrace {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const children = condition.of.map((part) => traceOf(part, named, facts));
      const holds =
        condition.kind === 'all'
          ? children.every((child) => child.holds)
          : children.some((child) => child.holds);
      return { condition, holds, children };
    }
    case 'not': {
      const child = traceOf(condition.of, named, facts);
      return { condition, holds: !child.holds, children: [child] };
    }
    case 'named': {
      const child = traceOf(meaningOf(condition.name, named), named, facts);
      return { condition, holds: child.holds, children: [child] };
    }
    case 'leaf':
      return { condition, holds: leafPredicate(condition)(facts), children: [] };
  }
}

/** A leaf with a fact that was not sent is false, whatever its operator. */
function leafPredicate({ fact, operator, decorators, value }: Leaf): Predicate {
  const compare = decorators.reduceRight<Compare>(
    (next, decorator) => DECORATIONS[decorator](next),
    OPERATIONS[operator],
  );
  if (value.kind === 'value') {
    const wanted = value.value;
    return (facts) => {
      const found = facts.get(fact);
      return found !== undefined && compare(found, wanted);
    };
  }
  const other = value.fact;
  return (facts) => {
    const [found, wanted]: readonly (FactValue | undefined)[] = [facts.get(fact), facts.get(other)];
    return found !== undefined && wanted !== undefined && compare(found, wanted);
  };
}

export function meaningOf(name: string, named: Strategy['conditions']): Condition {
  const meaning = named.get(name);
  if (meaning === undefined) throw new Error(`no condition ${name}, which the check let pass`);
  return meaning;
}
