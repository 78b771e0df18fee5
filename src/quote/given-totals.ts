import type { Violation } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { equals } from '../money/compare.js';
import { type Decimal, formatDecimal, isNegative, isZero } from '../money/decimal.js';
import type { Strategy } from '../strategy/strategy.js';
import type { QuoteInput } from './input.js';

/** The running totals that a caller gave, by counter, and everything that is wrong with them and with measured totals. */
export type GivenTotals = {
  readonly given: ReadonlyMap<string, Decimal>;
  readonly violations: readonly Violation[];
};

const NOTHING_GIVEN: GivenTotals = { given: new Map(), violations: [] };

export function givenTotals(strategy: Strategy, input: QuoteInput): GivenTotals {
  if (input.used.size === 0 && input.totals.size === 0) return NOTHING_GIVEN;
  const given = new Map<string, Decimal>();
  const violations: Violation[] = [];
  for (const [name, value] of input.used) {
    const counter = counterOf(strategy, name);
    const checked = counter.ok ? checkTotal(counter.value, value, given) : counter;
    if (!checked.ok) violations.push({ field: `used.${name}`, description: checked.why });
    else if (counter.ok) given.set(counter.value, checked.value);
  }
  for (const price of input.totals.keys()) {
    if (!strategy.prices.has(price))
      violations.push({ field: `totals.${price}`, description: unknownPrice(strategy, price) });
  }
  return { given, violations };
}

function counterOf(strategy: Strategy, name: string): Parsed<string> {
  const { counters } = strategy.prepared;
  const counter = counters.get(name);
  return counter === undefined ? refused(unknownCounter(strategy, name, counters.keys())) : parsed(counter);
}

function checkTotal(counter: string, value: Decimal, given: ReadonlyMap<string, Decimal>): Parsed<Decimal> {
  const other = given.get(counter);
  if (isNegative(value) && !isZero(value)) return refused(`${formatDecimal(value)} is below 0`);
  if (other === undefined || equals(other, value)) return parsed(value);
  return refused(
    `is ${formatDecimal(value)}, but another total of the counter ${counter} is ${formatDecimal(other)}`,
  );
}

function unknownCounter(strategy: Strategy, name: string, known: Iterable<string>): string {
  return `is no price or counter of ${strategy.id}${didYouMean(name, known)}`;
}

function unknownPrice({ id, prices }: Strategy, name: string): string {
  return `is no price of ${id}${didYouMean(name, prices.keys())}`;
}

function didYouMean(name: string, known: Iterable<string>): string {
  const guess = nearest(name, known);
  return guess === undefined ? '' : `; did you mean ${guess}?`;
}
