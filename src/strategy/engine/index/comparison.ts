import type { Decorator, FactValue, Leaf, LeafValue, Operator } from '../../strategy.js';

/** A leaf as plain comparisons of its fact's value with constants. All of them are false when the fact was not sent. */
export type Comparison =
  | { readonly kind: 'one_of'; readonly values: readonly FactValue[] }
  | { readonly kind: 'below' | 'up_to'; readonly value: FactValue }
  | { readonly kind: 'not'; readonly of: Comparison }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Comparison[] };

type Constant = Extract<LeafValue, { kind: 'value' }>['value'];

/** Undefined where a leaf compares with another fact, or looks into a list that the fact holds. */
export function comparisonOf({ operator, decorators, value }: Leaf): Comparison | undefined {
  return value.kind === 'fact'
    ? undefined
    : decorated(decorators, { operator, value: value.value, swapped: false });
}

/** `swapped`: the constant stands on the left, where the fact would. */
type Sides = { readonly operator: Operator; readonly value: Constant; readonly swapped: boolean };

function decorated(decorators: readonly Decorator[], sides: Sides): Comparison | undefined {
  if (decorators.length === 0) return plain(sides);
  const [first, ...rest] = decorators;
  if (first === 'swap') return decorated(rest, { ...sides, swapped: !sides.swapped });
  if (first === 'not') return not(decorated(rest, sides));
  const takesLeft = first === 'someFact' || first === 'everyFact';
  if (takesLeft !== sides.swapped || !isList(sides.value)) return undefined;
  const of: Comparison[] = [];
  for (const value of sides.value) {
    const item = decorated(rest, { ...sides, value });
    if (item === undefined) return undefined;
    of.push(item);
  }
  return { kind: first === 'someFact' || first === 'someValue' ? 'any' : 'all', of };
}

function plain({ operator, value, swapped }: Sides): Comparison | undefined {
  switch (operator) {
    case 'in':
    case 'notIn':
    case 'contains':
    case 'doesNotContain': {
      const factIsItem = (operator === 'in' || operator === 'notIn') !== swapped;
      if (!factIsItem || !isList(value)) return undefined;
      const one: Comparison = { kind: 'one_of', values: value };
      return operator === 'in' || operator === 'contains' ? one : not(one);
    }
    case 'equal':
    case 'notEqual':
    case 'lessThan':
    case 'lessThanInclusive':
    case 'greaterThan':
    case 'greaterThanInclusive':
      return isList(value) ? undefined : single(operator, value, swapped);
  }
}

type Single = Exclude<Operator, 'in' | 'notIn' | 'contains' | 'doesNotContain'>;

function single(operator: Single, value: FactValue, swapped: boolean): Comparison {
  switch (operator) {
    case 'equal':
      return { kind: 'one_of', values: [value] };
    case 'notEqual':
      return { kind: 'not', of: { kind: 'one_of', values: [value] } };
    case 'lessThan':
      return swapped ? { kind: 'not', of: { kind: 'up_to', value } } : { kind: 'below', value };
    case 'lessThanInclusive':
      return swapped ? { kind: 'not', of: { kind: 'below', value } } : { kind: 'up_to', value };
    case 'greaterThan':
      return swapped ? { kind: 'below', value } : { kind: 'not', of: { kind: 'up_to', value } };
    case 'greaterThanInclusive':
      return swapped ? { kind: 'up_to', value } : { kind: 'not', of: { kind: 'below', value } };
  }
}

function not(of: Comparison | undefined): Comparison | undefined {
  return of && { kind: 'not', of };
}

function isList(value: Constant): value is readonly FactValue[] {
  return Array.isArray(value);
}
