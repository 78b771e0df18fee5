import type { Operand, Price } from '../pricing/price.js';
import type { Window } from '../time/window.js';
import { factsOfComputed, factsOfEvent, factsOfPrice, leavesOf } from './read/reads.js';
import { formatFactValue } from './fact-value.js';
import type { Lasting } from './prepared.js';
import type { Condition, Leaf, Lookup, Rule, Strategy } from './strategy.js';

type Document = Omit<Strategy, 'prepared'>;

const MINUTES_OF_DAY = 1440;

/** What a usage that lasts is cut by; undefined where no fact says that it lasts. */
export function lastingOf(document: Document): Lasting | undefined {
  const fact = [...document.facts.values()].find(({ lasts }) => lasts !== undefined);
  if (fact?.lasts === undefined) return undefined;
  const rules = document.rules.filter(({ moment }) => moment === 'usage');
  return {
    fact: fact.name,
    unit: fact.lasts,
    minutes: minutesOf(document, rules),
    windows: [...new Set(pricesOf(document, rules).flatMap(windowsOf))],
    asTheyAre: new Set(rules.flatMap((rule) => factsAsTheyAre(document, rule)).filter(isLocal)),
  };
}

/** The windows that a price counts in and that end at some time. */
export function windowsOf({ resets, free, maximum }: Price<Operand>): readonly Window[] {
  const kinds = [resets, free?.own?.per, maximum?.own?.per];
  return kinds.filter((kind) => kind !== undefined && kind !== 'never' && kind !== 'each');
}

/** Those that usage is charged by, and those whose running totals its rules read. */
function pricesOf({ prices, moments }: Document, rules: readonly Rule[]): readonly Price<Operand>[] {
  const charged = new Set(rules.flatMap(({ event }) => (event.type === 'charge' ? [event.price] : [])));
  const { reads } = moments.usage;
  return [...prices.values()].filter(
    ({ id }) => charged.has(id) || reads.has(`used.${id}`) || reads.has(`used.${id}.events`),
  );
}

/** Facts whose very value makes a number or a group; what conditions and lookups read matters by its outcome alone. */
function factsAsTheyAre({ prices }: Document, { event }: Rule): readonly string[] {
  const price = event.type === 'charge' ? prices.get(event.price) : undefined;
  return price === undefined ? factsOfEvent(event) : factsOfPrice(price);
}

function isLocal(fact: string): boolean {
  return fact.startsWith('local_');
}

/** Minutes of the day at which a fact of clock or calendar that usage reads may come to count differently, in order. */
function minutesOf(document: Document, rules: readonly Rule[]): readonly number[] {
  const minutes = new Set<number>();
  for (const fact of document.moments.usage.reads) {
    if (fact === 'local_time') for (const minute of timesRead(document, rules)) minutes.add(minute);
    else if (fact === 'local_hour') for (let hour = 0; hour < 24; hour++) minutes.add(hour * 60);
    else if (isLocal(fact)) minutes.add(0);
  }
  return [...minutes].sort((a, b) => a - b);
}

/**
 * Of the time of day only what it is compared with: it counts differently from that minute on, or from the one after.
 * Where it meets a fact that may have any value, or is a group itself, every minute may matter.
 */
function timesRead(document: Document, rules: readonly Rule[]): readonly number[] {
  const readers = [
    ...rules.flatMap(({ conditions }) => timesCompared(document, conditions)),
    ...document.computed.flatMap((fact) => (fact.kind === 'lookup' ? timesLookedUp(fact) : [])),
    ...rules.flatMap((rule) => (factsAsTheyAre(document, rule).includes('local_time') ? [ANY] : [])),
  ];
  if (readers.includes(ANY)) return Array.from({ length: MINUTES_OF_DAY }, (_, minute) => minute);
  return readers.flatMap((time) => {
    const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    return [minute, (minute + 1) % MINUTES_OF_DAY];
  });
}

const ANY = 'any time';

function timesCompared({ conditions: named }: Document, condition: Condition | undefined): readonly string[] {
  return condition === undefined ? [] : leavesOf(condition, named).flatMap(timesIn);
}

function timesIn({ fact, value }: Leaf): readonly string[] {
  if (value.kind === 'fact') return fact === 'local_time' || value.fact === 'local_time' ? [ANY] : [];
  if (fact !== 'local_time') return [];
  return (Array.isArray(value.value) ? value.value : [value.value]).map(String);
}

/** Of a lookup that goes by the time of day: its times as the last key, else any. */
function timesLookedUp(lookup: Lookup): readonly string[] {
  if (!factsOfComputed(lookup).includes('local_time')) return [];
  if (lookup.by.indexOf('local_time') !== lookup.by.length - 1 || lookup.match === 'longest_prefix')
    return [ANY];
  return [...lookup.rows.values()].flatMap((bucket) =>
    bucket.kind === 'by_text'
      ? [...bucket.values.keys()]
      : bucket.bounds.flatMap(({ upTo }) => (upTo === undefined ? [] : [formatFactValue(upTo)])),
  );
}
