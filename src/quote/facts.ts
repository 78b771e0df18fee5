import { RatebookError, type Violation, summarize } from '../errors/error.js';
import { type Decimal, isDecimal } from '../money/decimal.js';
import type { Operand } from '../pricing/price.js';
import type { FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';

/** The facts of one evaluation: given, defaulted, built in, derived and looked up. */
export type Facts = {
  readonly values: ReadonlyMap<string, FactValue>;
  /** Facts that are not there, and why: an error once a winning price needs one. */
  readonly gaps: ReadonlyMap<string, string>;
  readonly occurredAt: Instant | undefined;
};

/** The currency of an evaluation: the document's, or the one that a fact names. */
export function currencyOf({ currency }: Strategy, facts: Facts): string {
  return currency.kind === 'fixed' ? currency.code : String(facts.values.get(currency.fact));
}

/** A number of the document: written out, or read from a fact; one that is not there is an error and never a guess. */
export function operandValue(facts: Facts, operand: Operand, reader: string): Decimal {
  if (operand.kind === 'number') return operand.value;
  const value = facts.values.get(operand.fact);
  if (isDecimal(value)) return value;
  const why = facts.gaps.get(operand.fact) ?? 'it is not there';
  throw invalidFacts([{ field: `facts.${operand.fact}`, description: `is needed by ${reader}, but ${why}` }]);
}

export function invalidFacts(violations: readonly Violation[]): RatebookError {
  return new RatebookError('INVALID_FACTS', summarize(violations), { violations });
}
