import { type RatebookError, type Violation, violationError } from '../errors/error.js';
import { atLeast, atMost, greaterThan } from '../money/compare.js';
import { type Decimal, HUNDRED, ZERO, formatDecimal, isDecimal } from '../money/decimal.js';
import type { Operand } from '../pricing/price.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';

/** The facts of one evaluation: given, defaulted, built in, derived and looked up. */
export type Facts = {
  readonly values: ReadonlyMap<string, FactValue>;
  /** Facts that are not there, and why: an error once a winning price needs one. */
  readonly gaps: ReadonlyMap<string, string>;
  readonly occurredAt: Instant | undefined;
  /** When the later piece begins of which they are, where a use that lasts is priced in pieces. */
  readonly from?: Instant;
  /** Field path of a fact, as the caller would write it. */
  readonly path: (fact: string) => string;
};

/** The currency of an evaluation: the document's, or the one that a fact names. */
export function currencyOf({ currency }: Strategy, facts: Facts): string {
  return currency.kind === 'fixed' ? currency.code : formatFactValue(facts.values.get(currency.fact) ?? '');
}

/** A number of the document: written out, or read from a fact; one that is not there is an error and never a guess. */
export function operandValue(facts: Facts, operand: Operand, reader: string): Decimal {
  if (operand.kind === 'number') return operand.value;
  const value = facts.values.get(operand.fact);
  return isDecimal(value) ? value : missing(facts, operand.fact, reader);
}

/** Throws unless the fact is there. */
export function requireFact(facts: Facts, name: string, reader: string): void {
  if (!facts.values.has(name)) missing(facts, name, reader);
}

function missing(facts: Facts, name: string, reader: string): never {
  const why = facts.gaps.get(name) ?? 'it is not there';
  throw invalidFacts([{ field: facts.path(name), description: `is needed by ${reader}, but ${why}` }]);
}

/** What a number of a rule is, and where it must lie. */
type Wanted = { readonly rule: string; readonly of: string; readonly range: keyof typeof RANGES };

const RANGES = {
  percentage: {
    words: 'between 0 and 100',
    holds: (value: Decimal) => atLeast(value, ZERO) && atMost(value, HUNDRED),
  },
  zero_or_more: { words: '0 or more', holds: (value: Decimal) => atLeast(value, ZERO) },
  above_zero: { words: 'above 0', holds: (value: Decimal) => greaterThan(value, ZERO) },
} as const;

/** A number of a rule's event. The document's own were checked when it was read; one from a fact is checked here. */
export function numberWithin(facts: Facts, operand: Operand, { rule, of, range }: Wanted): Decimal {
  const value = operandValue(facts, operand, rule);
  if (RANGES[range].holds(value)) return value;
  const description = `the ${of} came out as ${formatDecimal(value)}; it must be ${RANGES[range].words}`;
  throw invalidFacts([{ field: `rules.${rule}`, description }]);
}

export function invalidFacts(violations: readonly Violation[]): RatebookError {
  return violationError('INVALID_FACTS', violations);
}
