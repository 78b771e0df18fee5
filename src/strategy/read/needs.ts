import type { Operand, Price } from '../../pricing/price.js';
import { OF_THE_ACCOUNT } from './facts-of.js';
import {
  factsAtClose,
  factsOfComputed,
  factsOfCondition,
  factsOfEvent,
  factsOfMinimum,
  factsOfPrice,
  isMeasuredLate,
} from './reads.js';
import type { Moment, MomentNeeds, Rule, Strategy } from '../strategy.js';

type Document = Pick<Strategy, 'currency' | 'facts' | 'computed' | 'conditions' | 'prices' | 'rules'>;

/** What the rules of a moment need, by the document alone: never by which of them match. */
export function needsOf(document: Document, moment: Moment): MomentNeeds {
  const rules = document.rules.filter((rule) => rule.moment === moment);
  const closing = moment === 'period' ? closingFacts(document) : [];
  if (rules.length === 0 && closing.length === 0) {
    return { required: [], reads: new Set(), readByConditions: new Set() };
  }
  const currency = document.currency.kind === 'fact' ? [document.currency.fact] : [];
  const always = [...currency, ...(moment === 'usage' ? lastingFacts(document) : [])];
  const inConditions = rules.flatMap(({ conditions }) =>
    conditions === undefined ? [] : [...factsOfCondition(conditions, document.conditions)],
  );
  const inEvents = rules.flatMap((rule) => factsOfRuleEvent(document, rule));
  const first = [...always, ...inConditions];
  const all = withParts(document, [...first, ...inEvents, ...closing]);
  const isGiven = (name: string) => document.facts.has(name);
  return {
    required: [...all].filter((name) => isRequired(document, name)),
    reads: new Set([...all].filter((name) => !isGiven(name))),
    readByConditions: new Set(first.filter((name) => !isGiven(name))),
  };
}

/** How long a usage lasts says what it is charged, whether or not a rule reads it: to take it for an instant is a guess. */
function lastingFacts({ facts }: Document): readonly string[] {
  return [...facts.values()].flatMap(({ name, lasts }) => (lasts === undefined ? [] : [name]));
}

function isRequired({ facts }: Document, name: string): boolean {
  const fact = facts.get(name);
  if (fact === undefined) return OF_THE_ACCOUNT.has(name);
  return fact.default === undefined && !fact.optional;
}

function factsOfRuleEvent({ prices }: Document, { event, moment }: Rule): string[] {
  if (event.type !== 'charge') return factsOfEvent(event);
  const price = prices.get(event.price);
  return price === undefined ? [] : factsOfCharge(price, moment);
}

/** At `period` the quantity of a price that is measured late comes from what was recorded. */
export function factsOfCharge(price: Price<Operand>, moment: Moment): string[] {
  return moment === 'period' && isMeasuredLate(price) ? factsAtClose(price) : factsOfPrice(price);
}

/** Prices that a usage is recorded for are computed when the period closes, or topped up to their minimum. */
function closingFacts({ prices, rules }: Document): string[] {
  const recorded = rules.flatMap(({ event, moment }) =>
    event.type === 'charge' && moment !== 'period' ? [event.price] : [],
  );
  return [...new Set(recorded)].flatMap((id) => {
    const price = prices.get(id);
    if (price === undefined) return [];
    return isMeasuredLate(price) ? factsAtClose(price) : factsOfMinimum(price);
  });
}

/** The facts and all that the computed ones among them are made of. */
function withParts({ computed }: Document, facts: Iterable<string>): Set<string> {
  const found = new Set(facts);
  // Each stands after those it needs, so one pass from the end finds them all.
  for (const fact of computed.toReversed()) {
    if (found.has(fact.name)) for (const part of factsOfComputed(fact)) found.add(part);
  }
  return found;
}
