import { minus, sum, times } from '../money/arithmetic.js';
import { greatest, least } from '../money/compare.js';
import { type Decimal, isDecimal } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import type { Operand } from '../pricing/price.js';
import { formatFactValue } from '../strategy/fact-value.js';
import { findRow } from '../strategy/lookup-rows.js';
import type { Derivation, FactValue, Lookup, LookupValue, Moment, Strategy } from '../strategy/strategy.js';
import type { Gathering } from './gathering.js';

/**
 * Adds derived and looked-up facts in an order in which each finds what it needs. One that cannot be computed leaves a
 * gap, which says why.
 */
export function computeFacts(strategy: Strategy, moment: Moment, into: Gathering): void {
  for (const fact of strategy.prepared.moments[moment].computed) {
    const result = fact.kind === 'derive' ? derive(fact, into) : lookUp(fact, into);
    if (result.kind === 'value') into.values.set(fact.name, result.value);
    else into.gaps.set(fact.name, result.why);
  }
}

type Computed =
  { readonly kind: 'value'; readonly value: FactValue } | { readonly kind: 'gap'; readonly why: string };

function derive({ name, operation, of, min, max, round }: Derivation, facts: Gathering): Computed {
  const missing = [...of, min, max].filter(
    (operand) => operand?.kind === 'fact' && !facts.values.has(operand.fact),
  );
  const first = missing[0];
  if (first?.kind === 'fact') {
    return {
      kind: 'gap',
      why: `cannot be derived: ${facts.gaps.get(first.fact) ?? `${first.fact} is not there`}`,
    };
  }
  const numbers = of.map((operand) => numberOf(operand, facts, name));
  let value = combine(operation, numbers);
  if (min !== undefined) value = greatest(value, numberOf(min, facts, name));
  if (max !== undefined) value = least(value, numberOf(max, facts, name));
  if (round !== undefined) value = roundTo(value, round.to, round.mode);
  return { kind: 'value', value };
}

function combine(operation: Derivation['operation'], [first, ...others]: readonly Decimal[]): Decimal {
  if (first === undefined) throw new Error(`${operation} of nothing`);
  switch (operation) {
    case 'sum':
      return sum([first, ...others]);
    case 'difference':
      return minus(first, sum(others));
    case 'product':
      return others.reduce((product, factor) => times(product, factor), first);
    case 'greatest':
      return others.reduce(greatest, first);
    case 'least':
      return others.reduce(least, first);
  }
}

function numberOf(operand: Operand, facts: Gathering, reader: string): Decimal {
  if (operand.kind === 'number') return operand.value;
  const value = facts.values.get(operand.fact);
  if (!isDecimal(value)) throw new Error(`${reader} reads ${operand.fact}, which holds no number`);
  return value;
}

function lookUp(lookup: Lookup, facts: Gathering): Computed {
  const keys: FactValue[] = [];
  for (const name of lookup.by) {
    const key = facts.values.get(name);
    if (key === undefined)
      return otherwise(
        lookup,
        facts,
        `its key ${name} is missing: ${facts.gaps.get(name) ?? 'it was not sent'}`,
      );
    keys.push(key);
  }
  const found = findRow(lookup, keys);
  if (found !== undefined) return resolve(found, facts);
  const shown = lookup.by.map((name, i) => `${name} ${formatFactValue(keys[i] ?? '')}`);
  return otherwise(lookup, facts, `the lookup has no row for ${shown.join(', ')}`);
}

function otherwise(lookup: Lookup, facts: Gathering, why: string): Computed {
  return lookup.otherwise === undefined ? { kind: 'gap', why } : resolve(lookup.otherwise, facts);
}

function resolve(found: LookupValue, facts: Gathering): Computed {
  if (found.kind === 'value') return found;
  const value = facts.values.get(found.fact);
  return value === undefined
    ? { kind: 'gap', why: facts.gaps.get(found.fact) ?? `${found.fact} is not there` }
    : { kind: 'value', value };
}
