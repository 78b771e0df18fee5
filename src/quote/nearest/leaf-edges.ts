import { meaningOf } from '../../strategy/engine/predicate.js';
import type { Condition, FactValue, Leaf, LookupBucket, Moment, Strategy } from '../../strategy/strategy.js';
import type { Edge } from './edges.js';

/** Every comparison that a rule of the moment makes, those of named conditions once. */
export function leavesRead(strategy: Strategy, moment: Moment): readonly Leaf[] {
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

/** Where a comparison with a value changes its answer. A decorator may turn an order round: then on both sides. */
export function edgesOf(
  { operator, decorators }: Leaf,
  value: FactValue | readonly FactValue[],
): readonly Edge[] {
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

/** Where one row of a lookup ends and the next begins. */
export function boundsOf(buckets: Iterable<LookupBucket>): readonly Edge[] {
  return [...buckets].flatMap((bucket) =>
    bucket.kind === 'by_text'
      ? []
      : bucket.bounds.flatMap(({ upTo }): Edge[] =>
          upTo === undefined ? [] : [{ value: upTo, side: 'after' }],
        ),
  );
}

export function bothSides(value: FactValue | readonly FactValue[]): readonly Edge[] {
  const values = isList(value) ? value : [value];
  return values.flatMap((one): Edge[] => [
    { value: one, side: 'before' },
    { value: one, side: 'after' },
  ]);
}

function isList(value: FactValue | readonly FactValue[]): value is readonly FactValue[] {
  return Array.isArray(value);
}
