import type { Operand, Price } from '../pricing/price.js';
import { constantPrice, factsOf } from '../pricing/resolve.js';
import { lastingOf } from './lasting.js';
import { cyclesOf } from './cycles.js';
import { OF_THE_ACCOUNT, isStanding } from './read/facts-of.js';
import { factsOfComputed, isMeasuredLate } from './read/reads.js';
import type { Prepared, PreparedGroups, PreparedMoment, PreparedPrice, UsedFacts } from './prepared.js';
import type { Moment, Strategy } from './strategy.js';

type Document = Omit<Strategy, 'prepared'>;

/** Works out once what follows from a document and is the same in every quote. */
export function prepare(document: Document): Strategy {
  const facts = [...document.facts.values()];
  const lasting = lastingOf(document);
  const prepared: Prepared = {
    moments: {
      purchase: prepareMoment(document, 'purchase'),
      usage: prepareMoment(document, 'usage'),
      period: prepareMoment(document, 'period'),
      invoice: prepareMoment(document, 'invoice'),
    },
    defaults: new Map(
      facts.flatMap(({ name, default: standIn }) => (standIn === undefined ? [] : [[name, standIn]])),
    ),
    optional: facts.filter(({ optional }) => optional).map(({ name }) => name),
    billable: facts.filter(({ billable }) => billable).map(({ name }) => name),
    places: new Map(document.lines.map((line, place) => [line, place])),
    prices: preparePrices(document),
    counters: countersByName(document),
    windows: windowsOf(document),
    hasGroups: [...document.prices.values()].some(({ groupBy }) => groupBy.length > 0),
    ...(lasting && { lasting }),
    cycles: cyclesOf(document),
  };
  return { ...document, prepared };
}

function prepareMoment(document: Document, moment: Moment): PreparedMoment {
  const { moments, prices, computed } = document;
  const { reads } = moments[moment];
  const names = [...reads];
  const ids = [...prices.keys()];
  const read = computed.filter(({ name }) => reads.has(name));
  const isComputed = new Set(read.map(({ name }) => name));
  const used = [...prices.values()].flatMap((price) => usedFacts(price, reads));
  return {
    ofAccount: new Set([
      ...[...document.facts.keys()].filter(isStanding),
      ...names.filter((name) => OF_THE_ACCOUNT.has(name)),
    ]),
    local: names.filter((name) => name.startsWith('local_')),
    ofPeriod: names.filter((name) => name.startsWith('period_')),
    measured: ids.map((price) => ({ name: `total.${price}`, price })).filter(({ name }) => reads.has(name)),
    used,
    usedAfterComputed: used.filter(({ price }) => price.groupBy.some((fact) => isComputed.has(fact))),
    computed: read,
    groups: prepareGroups(document, moment, used),
  };
}

function prepareGroups(
  { facts: declared, prices, rules, computed }: Document,
  moment: Moment,
  used: readonly UsedFacts[],
): PreparedGroups {
  const counted = new Set(used.map(({ price }) => price.id));
  for (const { event, moment: own } of rules)
    if (event.type === 'charge' && own === moment) counted.add(event.price);
  const grouped = [...prices.values()].filter(
    (price) =>
      price.groupBy.length > 0 &&
      price.resets !== 'each' &&
      // What was measured is charged when the period closes, by whatever rule it was recorded.
      (counted.has(price.id) || (moment === 'period' && isMeasuredLate(price))),
  );
  const facts = new Set(grouped.flatMap(({ groupBy }) => groupBy));
  // Each stands after those it needs, so one pass from the end finds them all.
  for (const fact of computed.toReversed())
    if (facts.has(fact.name)) for (const part of factsOfComputed(fact)) facts.add(part);
  const own = computed.filter(({ name }) => facts.has(name));
  const isSent = (name: string) => declared.has(name) || own.some((fact) => fact.name === name);
  return { prices: grouped, facts, hasBuiltIn: ![...facts].every(isSent), computed: own };
}

function usedFacts(price: Price<Operand>, reads: ReadonlySet<string>): readonly UsedFacts[] {
  const [units, events] = [`used.${price.id}`, `used.${price.id}.events`];
  if (!reads.has(units) && !reads.has(events)) return [];
  return [
    {
      price,
      units: reads.has(units) ? units : undefined,
      events: reads.has(events) ? events : undefined,
    },
  ];
}

function preparePrices({ prices, computed }: Document): ReadonlyMap<string, PreparedPrice> {
  const partsOf = new Map(
    computed.flatMap((fact) => (fact.kind === 'derive' ? [[fact.name, factsOfComputed(fact)]] : [])),
  );
  return new Map(
    [...prices].map(([id, price]) => [
      id,
      { price, constant: constantPrice(price), charges: withParts(factsOf(price), partsOf) },
    ]),
  );
}

/** The facts and all that the derived ones among them are made of. */
function withParts(
  facts: readonly string[],
  partsOf: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set(facts);
  // A set is gone through in the order of its items, those added meanwhile included.
  for (const fact of found) for (const part of partsOf.get(fact) ?? []) found.add(part);
  return found;
}

function countersByName({ prices }: Document): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const price of prices.values()) {
    for (const name of [price.id, price.counter]) {
      names.set(name, price.counter).set(`${name}.events`, `${price.counter}.events`);
    }
    for (const part of ['freed', 'charged']) names.set(`${price.id}.${part}`, `${price.id}.${part}`);
    for (const own of [price.free?.own, price.maximum?.own])
      if (own !== undefined) names.set(own.counter, own.counter);
  }
  return names;
}

function windowsOf({ period, prices, rules }: Document): Prepared['windows'] {
  const kinds = new Set<Prepared['windows'][number]>([period]);
  for (const { resets, free, maximum } of prices.values()) {
    if (resets !== 'each') kinds.add(resets);
    for (const own of [free?.own, maximum?.own]) if (own !== undefined) kinds.add(own.per);
  }
  if (rules.some(({ event }) => event.type === 'discount' && event.times !== undefined)) kinds.add('account');
  return [...kinds];
}
