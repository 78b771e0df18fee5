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

export function givenTotals(strategy: Strategy, input: QuoteInput): GivenTotals {
  const given = new Map<string, Decimal>();
  const violations: Violation[] = [];
  const counters = countersByName(strategy);
  for (const [name, value] of input.used) {
    const counter = counterOf(strategy, counters, name);
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

function counterOf(strategy: Strategy, counters: ReadonlyMap<string, string>, name: string): Parsed<string> {
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

/** What callers call a counter: by its own name, or by a price that counts in it. */
function countersByName(strategy: Strategy): Map<string, string> {
  const names = new Map<string, string>();
  for (const price of strategy.prices.values()) {
    for (const name of [price.id, price.counter]) {
      names.set(name, price.counter).set(`${name}.events`, `${price.counter}.events`);
    }
    for (const part of ['freed', 'charged']) names.set(`${price.id}.${part}`, `${price.id}.${part}`);
    for (const own of [price.free?.own, price.maximum?.own])
      if (own !== undefined) names.set(own.counter, own.counter);
  }
  return names;
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
