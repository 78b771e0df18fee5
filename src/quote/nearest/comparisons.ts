import type { Derivation, FactType, Moment, Strategy } from '../../strategy/strategy.js';
import { type Edge, inOrder } from './edges.js';
import { boundsOf, edgesOf, leavesRead } from './leaf-edges.js';

/** What the conditions and lookups of a moment compare each fact with: where another value could lead elsewhere. */
export type Comparisons = ReadonlyMap<string, Compared>;
export type Compared = {
  readonly type: FactType;
  /** In order. */
  readonly edges: readonly Edge[];
  /** Facts that it is compared with, whatever they hold. */
  readonly others: readonly string[];
  /** Derived facts that move with it. */
  readonly derived: readonly Moving[];
};

/** How a derived fact follows one that it is made of: up with it, down with it, or by being the same. */
export type Moving = { readonly fact: string; readonly how: 'along' | 'against' | 'same' };

export function comparisonsOf(strategy: Strategy, moment: Moment): Comparisons {
  const found = new Map<string, Found>();
  const of = (fact: string): Found => {
    const type = strategy.types.get(fact) ?? 'string';
    const known = found.get(fact) ?? { type, edges: [], others: new Set(), derived: [] };
    found.set(fact, known);
    return known;
  };
  for (const leaf of leavesRead(strategy, moment)) {
    if (leaf.value.kind === 'value') of(leaf.fact).edges.push(...edgesOf(leaf, leaf.value.value));
    else {
      of(leaf.fact).others.add(leaf.value.fact);
      of(leaf.value.fact).others.add(leaf.fact);
    }
  }
  const { reads } = strategy.moments[moment];
  // From the last to the first, so that what a fact is compared with is known before what it is made of.
  for (const fact of strategy.computed.toReversed()) {
    if (fact.kind === 'lookup' && reads.has(fact.name)) {
      for (const key of fact.by) of(key);
      of(fact.by.at(-1) ?? '').edges.push(...boundsOf(fact.rows.values()));
    }
    if (fact.kind === 'derive' && found.has(fact.name)) {
      for (const [operand, how] of operandsOf(fact)) of(operand).derived.push({ fact: fact.name, how });
    }
  }
  return new Map([...found].map(([fact, compared]) => [fact, settled(compared)]));
}

type Found = {
  readonly type: FactType;
  readonly edges: Edge[];
  readonly others: Set<string>;
  readonly derived: Moving[];
};

function settled({ type, edges, others, derived }: Found): Compared {
  return { type, edges: inOrder(type, edges), others: [...others], derived };
}

/** The facts that a derived one is made of; of a product no whole way to an edge is known. */
function operandsOf({ operation, of }: Derivation): readonly (readonly [string, Moving['how']])[] {
  return of.flatMap((operand, i): (readonly [string, Moving['how']])[] => {
    if (operand.kind === 'number') return [];
    switch (operation) {
      case 'sum':
        return [[operand.fact, 'along']];
      case 'difference':
        return [[operand.fact, i === 0 ? 'along' : 'against']];
      case 'greatest':
      case 'least':
        return [[operand.fact, 'same']];
      case 'product':
        return [];
    }
  });
}
