import { equals } from '../../money/compare.js';
import { isDecimal, isZero } from '../../money/decimal.js';
import { factsOf } from '../../pricing/resolve.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import { factsOfComputed } from '../../strategy/read/reads.js';
import type { FactValue, Strategy } from '../../strategy/strategy.js';
import type { Answered } from './use-outcome.js';

/** What became of a use, and what would have become of it with another value of one fact. */
type Compared = { readonly fact: string; readonly now: Answered; readonly other: Answered };

/**
 * Whether the outcome is one to tell of: a price where there was none, no price where there was one, or another price. Of
 * the `counted` facts another number alone is none; another rule or row is.
 */
export function isOther(
  strategy: Strategy,
  counted: ReadonlySet<string>,
  { fact, now, other }: Compared,
): boolean {
  if (now.outcome.kind === 'unpriced') return other.outcome.kind === 'priced';
  const [from, to] = [now.facts.get(fact), other.facts.get(fact)];
  // That there is no use without units, and that the first ones cost something, nobody has to be told.
  if (counted.has(fact) && (isNothing(from) || isNothing(to))) return false;
  if (other.outcome.kind === 'unpriced') return other.outcome.error.reason !== 'INVALID_FACTS';
  if (
    equals(now.outcome.total, other.outcome.total) ||
    currencyIn(strategy, now) !== currencyIn(strategy, other)
  )
    return false;
  return !counted.has(fact) || basisOf(strategy, now) !== basisOf(strategy, other);
}

function isNothing(value: FactValue | undefined): boolean {
  return value === undefined || (isDecimal(value) && isZero(value));
}

function currencyIn({ currency }: Strategy, { facts }: Answered): string {
  return currency.kind === 'fixed' ? currency.code : formatFactValue(facts.get(currency.fact) ?? '');
}

/** The rules that did something and the rows that were found: what a price goes by but the units themselves. */
function basisOf({ computed }: Strategy, { facts, outcome }: Answered): string {
  const rows = computed
    .filter(({ kind, name }) => kind === 'lookup' && facts.has(name))
    .map(({ name }) => formatFactValue(facts.get(name) ?? ''));
  return JSON.stringify([outcome.rules, rows]);
}

/** Facts that a price computes with, directly or through `derive`, and those that are billable. */
export function countedFacts({ facts, prices, computed }: Strategy): ReadonlySet<string> {
  const billable = [...facts.values()].filter((fact) => fact.billable).map(({ name }) => name);
  const counted = new Set([...billable, ...[...prices.values()].flatMap(factsOf)]);
  // Each computed fact stands after those that it is computed from.
  for (const fact of computed.toReversed()) {
    if (fact.kind === 'derive' && counted.has(fact.name))
      factsOfComputed(fact).forEach((name) => counted.add(name));
  }
  return counted;
}
