import { isOrdered } from '../fact-value.js';
import type { Decorator, FactType, Operator } from '../strategy.js';

/** An operator with its decorators, outermost first. */
export type Chain = { readonly decorators: readonly Decorator[]; readonly operator: Operator };

/** What a comparison wants of its value: one of a type, or a list of them. */
export type Shape = { readonly type: FactType; readonly list: boolean };
export type NoShape = { readonly why: string; readonly hint: string };

/**
 * Follows the decorators from the outside in: `swap` hands the value first, `someFact` and `everyFact` take what comes first
 * apart, `someValue` and `everyValue` what comes second.
 */
export function shapeOf(type: FactType, { decorators, operator }: Chain): Shape | NoShape {
  let factFirst = true;
  let fact: FactType = type;
  let valueApart = false;
  for (const decorator of decorators) {
    if (decorator === 'swap') factFirst = !factFirst;
    if (decorator === 'swap' || decorator === 'not') continue;
    const takesFirst = decorator === 'someFact' || decorator === 'everyFact';
    if (takesFirst === factFirst) {
      if (fact !== 'list') {
        const is = type === 'list' ? 'is taken apart already' : `is of type ${fact}`;
        return { why: `\`${decorator}\` takes a list apart; FACT ${is}.`, hint: '' };
      }
      fact = 'string';
    } else if (valueApart) {
      return { why: `\`${decorator}\` takes a list of lists apart; there are none.`, hint: '' };
    } else valueApart = true;
  }
  const shape = operandShape(fact, operator, factFirst);
  if ('why' in shape || !valueApart) return shape;
  return shape.list
    ? { why: `\`${operator}\` would need a list of lists here; there are none.`, hint: '' }
    : { ...shape, list: true };
}

/** What the bare operator compares the fact with. */
function operandShape(fact: FactType, operator: Operator, factFirst: boolean): Shape | NoShape {
  switch (operator) {
    case 'equal':
    case 'notEqual':
      if (fact !== 'list') return { type: fact, list: false };
      return { why: `\`${operator}\` compares single values; FACT is a list.`, hint: 'use `contains`' };
    case 'lessThan':
    case 'lessThanInclusive':
    case 'greaterThan':
    case 'greaterThanInclusive':
      if (isOrdered(fact)) return { type: fact, list: false };
      return { why: `\`${operator}\` needs values in an order; FACT is of type ${fact}.`, hint: '' };
    case 'in':
    case 'notIn':
      return membership(fact, operator, factFirst);
    case 'contains':
    case 'doesNotContain':
      return membership(fact, operator, !factFirst);
  }
}

function membership(fact: FactType, operator: Operator, factIsItem: boolean): Shape | NoShape {
  if (factIsItem && fact !== 'list') return { type: fact, list: true };
  if (!factIsItem && fact === 'list') return { type: 'string', list: false };
  const is = fact === 'list' ? 'FACT is a list' : `FACT is of type ${fact}`;
  const wanted = factIsItem ? 'a single value' : 'a list';
  const hint =
    fact === 'list'
      ? 'use `contains`, or `someFact:in`'
      : operator === 'contains'
        ? 'use `equal` or `in`'
        : '';
  return { why: `\`${operator}\` needs ${wanted} on this side; ${is}.`, hint };
}
