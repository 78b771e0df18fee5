import { meaningOf } from '../strategy/engine/predicate.js';
import type { FactValues } from '../strategy/engine/matcher.js';
import { compareFactValues } from '../strategy/fact-order.js';
import { isOrdered } from '../strategy/fact-value.js';
import type { Condition, FactType, FactValue, Leaf, Moment, Strategy } from '../strategy/strategy.js';

/** What the conditions and lookups of a moment compare one fact with: where another value could lead elsewhere. */
export type Comparisons = {
  readonly type: FactType;
  /** Of an ordered type: each once, in ascending order. */
  readonly edges: readonly Edge[];
  /** Facts that it is compared with, whatever they hold. */
  readonly others: ReadonlySet<string>;
};

/** An answer changes between the value and the one before it, or between the value and the one after it. */
export type Edge = { readonly value: FactValue; readonly side: 'before' | 'after' };

type Collected = { readonly type: FactType; readonly edges: Edge[]; readonly others: Set<string> };

/** By fact: everything that a rule of the moment, or a lookup which it may need, compares the fact with. */
export function comparisonsOf(strategy: Strategy, moment: Moment): ReadonlyMap<string, Comparisons> {
  const collected = new Map<string, Collected>();
  const of = (fact: string): Collected => {
    const type = strategy.types.get(fact) ?? 'string';
    const known = collected.get(fact) ?? { type, edges: [], others: new Set() };
    collected.set(fact, known);
    return known;
  };
  for (const leaf of leavesRead(strategy, moment)) {
    if (leaf.value.kind === 'value') of(leaf.fact).edges.push(...edgesOf(leaf, leaf.value.value));
    else {
      of(leaf.fact).others.add(leaf.value.fact);
      of(leaf.value.fact).others.add(leaf.fact);
    }
  }
  for (const lookup of strategy.computed) {
    if (lookup.kind !== 'lookup' || !strategy.moments[moment].reads.has(lookup.name)) continue;
    for (const key of lookup.by) of(key);
    const bounded = of(lookup.by.at(-1) ?? '');
    for (const bucket of lookup.rows.values()) {
      if (bucket.kind === 'by_text') continue;
      for (const { upTo } of bucket.bounds)
        if (upTo !== undefined) bounded.edges.push({ value: upTo, side: 'after' });
    }
  }
  return new Map(
    [...collected].map(([fact, found]) => [fact, { ...found, edges: inOrder(found.type, found.edges) }]),
  );
}

/** The edges of a fact together with those that the values of other facts make just now. */
export function edgesNow({ type, edges, others }: Comparisons, facts: FactValues): readonly Edge[] {
  const moving = [...others].flatMap((other) => {
    const value = facts.get(other);
    return value === undefined ? [] : bothSides(value);
  });
  return moving.length === 0 ? edges : inOrder(type, [...edges, ...moving]);
}

/** Below 0 when the first edge comes first. */
export function compareEdges(a: Edge, b: Edge): number {
  return compareFactValues(a.value, b.value) || Number(a.side === 'after') - Number(b.side === 'after');
}

function inOrder(type: FactType, edges: readonly Edge[]): readonly Edge[] {
  if (!isOrdered(type)) return edges;
  const sorted = edges.toSorted(compareEdges);
  return sorted.filter((edge, i) => {
    const last = sorted[i - 1];
    return last === undefined || compareEdges(last, edge) !== 0;
  });
}

/** Every comparison that a rule of the moment makes, those of named conditions once. */
function leavesRead(strategy: Strategy, moment: Moment): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const entered = new Set<string>();
  const visit = (condition: Condition): void => {
    switch (condition.kind) {
      case 'all':
      case 'any':
        condition.of.forEach(visit);
        return;
      case 'not':
        visit(condition.of);
        return;
      case 'named':
        if (entered.has(condition.name)) return;
        entered.add(condition.name);
        visit(meaningOf(condition.name, strategy.conditions));
        return;
      case 'leaf':
        leaves.push(condition);
    }
  };
  for (const rule of strategy.rules) {
    if (rule.moment === moment && rule.conditions !== undefined) visit(rule.conditions);
  }
  return leaves;
}

/** A decorator may turn an order round, and then both sides are looked at. */
function edgesOf({ operator, decorators }: Leaf, value: FactValue | readonly FactValue[]): readonly Edge[] {
  if (isList(value) || decorators.length > 0) return bothSides(value);
  switch (operator) {
    case 'lessThan':
    case 'greaterThanInclusive':
      return [{ value, side: 'before' }];
    case 'lessThanInclusive':
    case 'greaterThan':
      return [{ value, side: 'after' }];
    case 'equal':
    case 'notEqual':
    case 'in':
    case 'notIn':
    case 'contains':
    case 'doesNotContain':
      return bothSides(value);
  }
}

function bothSides(value: FactValue | readonly FactValue[]): readonly Edge[] {
  const values = isList(value) ? value : [value];
  return values.flatMap((one): Edge[] => [
    { value: one, side: 'before' },
    { value: one, side: 'after' },
  ]);
}

function isList(value: FactValue | readonly FactValue[]): value is readonly FactValue[] {
  return Array.isArray(value);
}
