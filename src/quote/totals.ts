import type { Violation } from '../errors/error.js';
import { plus } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import type { Bound, Bounds, Operand, Price, Resets } from '../pricing/price.js';
import type { Rated } from '../pricing/rate.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant, Span } from '../time/instant.js';
import { type Window, windowOf } from '../time/window.js';
import type { Facts } from './facts.js';
import { givenTotals } from './given-totals.js';
import type { QuoteInput } from './input.js';

/**
 * The running totals of one account while a quote goes through its uses. A counter belongs to a name, a window and a
 * group, not to a revision. Totals that the caller gave stand in for every group of the window of the first use; any
 * other window starts at zero.
 */
export type Totals = {
  readonly timeZone: string;
  readonly given: ReadonlyMap<string, Decimal>;
  /** What is wrong with them; told together with the facts of the first use. */
  readonly violations: readonly Violation[];
  /** What was counted in this quote, by `counterKey`. */
  readonly counted: Map<string, Decimal>;
  /** The window found last, of each kind: uses that follow each other mostly share it. */
  readonly windows: Map<Window, Span>;
  /** Instant of the first use that tells one. */
  first: Instant | undefined;
};

/** One counter: its name, the window it is in and the group it is for. */
type Counter = { readonly name: string; readonly resets: Resets; readonly group: string };

export function openTotals(strategy: Strategy, input: QuoteInput): Totals {
  return {
    timeZone: strategy.timeZone,
    ...givenTotals(strategy, input),
    counted: new Map(),
    windows: new Map(),
    first: undefined,
  };
}

/** The same totals to go on from in another way; the two do not see each other's uses. */
export function copyTotals(totals: Totals): Totals {
  return { ...totals, counted: new Map(totals.counted), windows: new Map(totals.windows) };
}

/** The first instant that a use tells fixes the windows for which the given totals stand. */
export function noteInstant(totals: Totals, at: Instant | undefined): void {
  totals.first ??= at;
}

/** Units that a price has counted before this use; 0 where each use starts again. */
export function unitsUsed(totals: Totals, price: Price<Operand>, facts: Facts): Decimal {
  return read(totals, unitsOf(price, facts), facts);
}

/** Uses that a price has counted before this one. */
export function eventsUsed(totals: Totals, price: Price<Operand>, facts: Facts): Decimal {
  return read(totals, eventsOf(price, facts), facts);
}

/** Where the counters stand that the bounds of a price go by, as far as they were counted or given. */
export function boundsOf(totals: Totals, price: Price<Operand>, facts: Facts): Bounds {
  const { free, maximum } = price;
  return {
    ...(free?.own && {
      freeUsed: known(totals, ownCounter(free.own), facts),
      freedBefore: known(totals, freedOf(price, facts), facts),
    }),
    ...(maximum?.own && { maximumUsed: known(totals, ownCounter(maximum.own), facts) }),
    ...(maximum && { chargedBefore: known(totals, chargedOf(price, facts), facts) }),
  };
}

/** Moves the counters of a price on by one use. */
export function countUse(totals: Totals, price: Price<Operand>, use: { facts: Facts; rated: Rated }): void {
  const { facts, rated } = use;
  const { free, maximum } = price;
  set(totals, unitsOf(price, facts), facts, rated.after.quantity);
  set(totals, eventsOf(price, facts), facts, rated.after.events);
  if (free?.own !== undefined) {
    add(totals, ownCounter(free.own), facts, rated.freed);
    add(totals, freedOf(price, facts), facts, rated.freed);
  }
  if (maximum?.own !== undefined) add(totals, ownCounter(maximum.own), facts, rated.charged);
  if (maximum !== undefined) add(totals, chargedOf(price, facts), facts, rated.charged);
}

function unitsOf(price: Price<Operand>, facts: Facts): Counter {
  return { name: price.counter, resets: price.resets, group: groupOf(price, facts) };
}

function eventsOf(price: Price<Operand>, facts: Facts): Counter {
  return { ...unitsOf(price, facts), name: `${price.counter}.events` };
}

/** Units of this price that a shared free counter made free, in the price's own window. */
function freedOf(price: Price<Operand>, facts: Facts): Counter {
  return { ...unitsOf(price, facts), name: `${price.id}.freed` };
}

/** Money that this price charged, in its own window. */
function chargedOf(price: Price<Operand>, facts: Facts): Counter {
  return { ...unitsOf(price, facts), name: `${price.id}.charged` };
}

function ownCounter(bound: Bound): Counter {
  return { name: bound.counter, resets: bound.per, group: '' };
}

function groupOf(price: Price<Operand>, facts: Facts): string {
  return JSON.stringify(price.groupBy.map((fact) => textOf(facts.values.get(fact))));
}

function textOf(value: FactValue | undefined): string | null {
  return value === undefined ? null : formatFactValue(value);
}

function read(totals: Totals, counter: Counter, facts: Facts): Decimal {
  return known(totals, counter, facts) ?? ZERO;
}

/** What was counted in this quote, or given for the window; undefined when nothing is known. */
function known(totals: Totals, counter: Counter, { occurredAt }: Facts): Decimal | undefined {
  if (counter.resets === 'each') return ZERO;
  const counted = totals.counted.get(counterKey(totals, counter, occurredAt));
  if (counted !== undefined) return counted;
  const sameWindow = windowStart(totals, counter, occurredAt) === windowStart(totals, counter, totals.first);
  return sameWindow ? totals.given.get(counter.name) : undefined;
}

function add(totals: Totals, counter: Counter, facts: Facts, quantity: Decimal): void {
  set(totals, counter, facts, plus(read(totals, counter, facts), quantity));
}

function set(totals: Totals, counter: Counter, { occurredAt }: Facts, value: Decimal): void {
  totals.counted.set(counterKey(totals, counter, occurredAt), value);
}

function counterKey(totals: Totals, counter: Counter, at: Instant | undefined): string {
  return JSON.stringify([counter.name, windowStart(totals, counter, at), counter.group]);
}

/** Start of the counter's window; without an instant there is only one window. */
function windowStart({ timeZone, windows }: Totals, { resets }: Counter, at: Instant | undefined): string {
  if (at === undefined || resets === 'never' || resets === 'each') return '';
  const last = windows.get(resets);
  if (last !== undefined && last.start <= at && at < last.end) return last.start.toString();
  const span = windowOf(at, resets, timeZone);
  windows.set(resets, span);
  return span.start.toString();
}
