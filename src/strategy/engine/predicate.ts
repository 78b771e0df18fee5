import type { Condition, FactValue, Leaf, Strategy } from '../strategy.js';
import { type Compare, DECORATIONS, OPERATIONS } from './operators.js';

/** How a predicate gets at a fact; undefined when it was not sent. */
export type ReadFact<F> = (facts: F, fact: string) => FactValue | undefined;

/** Decides a condition on facts. Deciding parses nothing and allocates nothing. */
export type Predicate<F> = (facts: F) => boolean;

/** Makes predicates as trees of closures. No code is made of text, so a rule file can never become a program. */
export type PredicateMaker<F> = (condition: Condition) => Predicate<F>;

/** What a name stands for is made once, however many rules use it. */
export function predicatesFor<F>(named: Strategy['conditions'], read: ReadFact<F>): PredicateMaker<F> {
  const known = new Map<string, Predicate<F>>();
  const make: PredicateMaker<F> = (condition) => {
    switch (condition.kind) {
      case 'all': {
        const parts = condition.of.map(make);
        return (facts) => parts.every((part) => part(facts));
      }
      case 'any': {
        const parts = condition.of.map(make);
        return (facts) => parts.some((part) => part(facts));
      }
      case 'not': {
        const inner = make(condition.of);
        return (facts) => !inner(facts);
      }
      case 'named': {
        const predicate = known.get(condition.name) ?? make(meaningOf(condition.name, named));
        known.set(condition.name, predicate);
        return predicate;
      }
      case 'leaf':
        return leafPredicate(condition, read);
    }
  };
  return make;
}

/** A leaf with a fact that was not sent is false, whatever its operator. */
export function leafPredicate<F>(
  { fact, operator, decorators, value }: Leaf,
  read: ReadFact<F>,
): Predicate<F> {
  const compare = decorators.reduceRight<Compare>(
    (next, decorator) => DECORATIONS[decorator](next),
    OPERATIONS[operator],
  );
  if (value.kind === 'value') {
    const wanted = value.value;
    return (facts) => {
      const found = read(facts, fact);
      return found !== undefined && compare(found, wanted);
    };
  }
  const other = value.fact;
  return (facts) => {
    const [found, wanted] = [read(facts, fact), read(facts, other)];
    return found !== undefined && wanted !== undefined && compare(found, wanted);
  };
}

export function meaningOf(name: string, named: Strategy['conditions']): Condition {
  const meaning = named.get(name);
  if (meaning === undefined) throw new Error(`no condition ${name}, which the check let pass`);
  return meaning;
}
