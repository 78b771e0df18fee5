import { faultAtKey } from '../source/report.js';
import { factsOfComputed } from './reads.js';
import type { Scope } from './scope.js';
import type { ComputedFact } from '../strategy.js';

/** The computed facts, each after those it is made of; a circle is one fault and leaves its facts out. */
export function inOrder(scope: Scope, facts: readonly ComputedFact[]): ComputedFact[] {
  const byName = new Map(facts.map((fact) => [fact.name, fact]));
  const ordered: ComputedFact[] = [];
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (fact: ComputedFact): void => {
    if (done.has(fact.name)) return;
    const start = open.indexOf(fact.name);
    if (start >= 0) {
      const circle = [...open.slice(start), fact.name].join(' → ');
      const section = fact.kind === 'derive' ? 'derive' : 'lookups';
      faultAtKey(scope.report, [section, fact.name], `\`${fact.name}\` is made of itself: ${circle}.`);
      return;
    }
    open.push(fact.name);
    for (const part of factsOfComputed(fact)) {
      const inner = byName.get(part);
      if (inner !== undefined) visit(inner);
    }
    open.pop();
    done.add(fact.name);
    ordered.push(fact);
  };
  for (const fact of facts) visit(fact);
  return ordered;
}
