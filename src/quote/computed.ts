import { minus, sum, times } from '../money/arithmetic.js';
import { greatest, least } from '../money/compare.js';
import { type Decimal, isDecimal } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import type { Operand } from '../pricing/price.js';
import { formatFactValue } from '../strategy/fact-value.js';
import { findRow } from '../strategy/lookup-rows.js';
import type { ComputedFact, Derivation, FactValue, Lookup, LookupValue } from '../strategy/strategy.js';
import type { Gathering } from './gathering.js';

/**
 * Adds derived and looked-up facts, given in an order in which each finds what it needs. One that cannot be computed leaves a
 * gap, which says why.
 */
export function computeFacts(facts: readonly ComputedFact[], into: Gathering): void {
  for (const fact of facts) {
    const result = fact.kind === 'derive' ? derive(fact, into) : lookUp(fact, into);
    if (result.kind === 'value') into.values.set(fact.name, result.value);
    else into.gaps.set(fact.name, result.why);
  }
}

type Computed =
  { readonly kind: 'value'; readonly value: FactValue } | { readonly kind: 'gap'; readonly why: string };

function derive({ name, operation, of, min, max, round }: Derivation, facts: Gathering): Computed {
  const missing = missingAmong(of, facts) ?? missingIn(min, facts) ?? missingIn(max, facts);
  if (missing !== undefined) {
    const why = facts.gaps.get(missing) ?? `${missing} is not there`;
    return { kind: 'gap', why: `cannot be derived: ${why}` };
  }
  const numbers = of.map((operand) => numberOf(operand, facts, name));
  let value = combine(operation, numbers);
  if (min !== undefined) value = greatest(value, numberOf(min, facts, name));
  if (max !== undefined) value = least(value, numberOf(max, facts, name));
  if (round !== undefined) value = roundTo(value, round.to, round.mode);
  return { kind: 'value', value };
}

/** The name of the first fact that is not there. */
function missingAmong(operands: readonly Operand[], facts: Gathering): string | undefined {
  for (const operand of operands) {
    const missing = missingIn(operand, facts);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function missingIn(operand: Operand | undefined, { values }: Gathering): string | undefined {
  return operand?.kind === 'fact' && !values.has(operand.fact) ? operand.fact : undefined;
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
  const missing = lookup.by.find((name) => !facts.values.has(name));
  if (missing !== undefined) {
    const why = facts.gaps.get(missing) ?? 'it was not sent';
    return otherwise(lookup, facts, `its key ${missing} is missing: ${why}`);
  }
  const keys = lookup.by.map((name) => facts.values.get(name) ?? '');
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
