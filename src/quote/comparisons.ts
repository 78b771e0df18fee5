import { minus, plus } from '../money/arithmetic.js';
import { isDecimal } from '../money/decimal.js';
import type { FactValues } from '../strategy/engine/matcher.js';
import type { Derivation, FactType, FactValue, Moment, Strategy } from '../strategy/strategy.js';
import { type Edge, edgesAround, inOrder } from './edges.js';
import { bothSides, boundsOf, edgesOf, leavesRead } from './leaf-edges.js';

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
type Moving = { readonly fact: string; readonly how: 'along' | 'against' | 'same' };

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

/** The edges of a fact together with those that other facts give it by the values that they have just now. */
export function edgesNow(comparisons: Comparisons, fact: string, facts: FactValues): readonly Edge[] {
  const compared = comparisons.get(fact);
  if (compared === undefined) return [];
  const { type, edges, others, derived } = compared;
  const beside = others.flatMap((other) => bothSides(facts.get(other) ?? []));
  const through = derived.flatMap((moving) => {
    const around = edgesAround(edgesNow(comparisons, moving.fact, facts), facts.get(moving.fact));
    const shift = shiftOf(moving, facts.get(fact), facts.get(moving.fact));
    return shift === undefined ? [] : [...around.below, ...around.above].map(shift);
  });
  return beside.length + through.length === 0 ? edges : inOrder(type, [...edges, ...beside, ...through]);
}

/** Where a fact has to go for a derived one to reach an edge, all else being as it is. */
function shiftOf(
  { how }: Moving,
  value: FactValue | undefined,
  derived: FactValue | undefined,
): ((edge: Edge) => Edge) | undefined {
  if (!isDecimal(value) || !isDecimal(derived)) return undefined;
  const distance = (edge: Edge) => (isDecimal(edge.value) ? minus(edge.value, derived) : derived);
  switch (how) {
    case 'same':
      return (edge) => edge;
    case 'along':
      return (edge) => ({ ...edge, value: plus(value, distance(edge)) });
    case 'against':
      return (edge) => ({
        value: minus(value, distance(edge)),
        side: edge.side === 'before' ? 'after' : 'before',
      });
  }
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
