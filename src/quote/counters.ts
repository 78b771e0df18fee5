import type { Bound, Operand, Price, Resets } from '../pricing/price.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { Facts } from './facts.js';

/** One counter: a name, the window it starts again in, and the group that it is for. */
export type Counter = {
  readonly name: string;
  /** `account`: never, and it counts for all subscriptions of the account to the strategy together. */
  readonly resets: Resets | 'account';
  /** Tells it from all others of the same window. */
  readonly key: string;
};

/** Units and uses that a price has counted. */
export function runningOf(price: Price<Operand>, facts: Facts): Counter {
  return { name: price.counter, resets: price.resets, key: price.counter + groupOf(price, facts) };
}

/** Units of this price that a shared free counter made free, in the price's own window. */
export function freedOf(price: Price<Operand>, facts: Facts): Counter {
  return ofPrice(`${price.id}.freed`, price, facts);
}

/** Money that this price charged, in its own window. */
export function chargedOf(price: Price<Operand>, facts: Facts): Counter {
  return ofPrice(`${price.id}.charged`, price, facts);
}

/** Money that a price with a minimum charged in its own window, as its lines say, and by how many uses. */
export function earnedOf(price: Price<Operand>, facts: Facts): Counter {
  return ofPrice(`${price.id}${EARNED}`, price, facts);
}

const EARNED = '.earned';

/** Whether a counter says what a price with a minimum has charged; ids of prices and counters have no dots. */
export function isEarned(key: string): boolean {
  const end = key.search(/[/ ]/);
  return (end < 0 ? key : key.slice(0, end)).endsWith(EARNED);
}

/** The group of such a counter of a price; undefined where it is another counter. */
export function earnedGroup({ id }: Price<Operand>, key: string): string | undefined {
  const name = `${id}${EARNED}`;
  return key === name || key.startsWith(`${name}/`) ? key.slice(name.length) : undefined;
}

function ofPrice(name: string, price: Price<Operand>, facts: Facts): Counter {
  return { name, resets: price.resets, key: name + groupOf(price, facts) };
}

/**
 * The group that a counter's key is for, as a text that begins with a slash; undefined where there are no groups. Names
 * of prices and counters have neither slash nor blank, and of all other counters the key has a blank before any slash.
 */
export function groupOfKey(key: string): string | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) return undefined;
  const blank = key.indexOf(' ');
  return blank < 0 || slash < blank ? key.slice(slash) : undefined;
}

/** The counter that a bound has to itself or shares by name, for all groups. */
export function ownCounter({ counter, per }: Bound): Counter {
  return { name: counter, resets: per, key: `${per} ${counter}` };
}

/** How often a discount was taken that an account gets only so often. No price is called so: names have no blank. */
export function timesOf(rule: string): Counter {
  return { name: `times ${rule}`, resets: 'account', key: `times ${rule}` };
}

/** The values in the text of a group, by the facts that the price is grouped by; what was not there is left out. */
export function factsOfGroup({ groupBy }: Price<Operand>, group: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let at = 0;
  for (const fact of groupBy) {
    const [begin = '/', length] = /^\/(?:(\d+):)?/.exec(group.slice(at)) ?? [];
    at += begin.length;
    if (length === undefined) continue;
    const end = at + parseInt(length, 10);
    values.set(fact, group.slice(at, end));
    at = end;
  }
  return values;
}

/** The values that the price is grouped by, each with its length before it, so that no two groups have one text. */
export function groupOf({ groupBy }: Price<Operand>, { values }: Facts): string {
  let group = '';
  for (const fact of groupBy) {
    const value = values.get(fact);
    const text = value === undefined ? '' : formatFactValue(value);
    group += value === undefined ? '/' : `/${text.length}:${text}`;
  }
  return group;
}
