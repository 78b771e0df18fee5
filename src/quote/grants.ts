import type { Decimal } from '../money/decimal.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { currencyOf, numberWithin } from './facts.js';
import { gatherFacts } from './gather-facts.js';
import type { Use } from './gathering.js';
import type { QuoteInput } from './input.js';
import { type Matched, matchesOf } from './matched.js';

/** What something bought in advance, or a period, gives: money or units to be used up. */
export type PricedGrant = {
  /** The rule that gives it. */
  readonly rule: string;
  /** What the units are of, such as `call`; undefined: it is money. */
  readonly unit: string | undefined;
  readonly quantity: Decimal;
  /** The prices that it pays for; none: all. */
  readonly prices: readonly string[];
  /** ISO 8601 duration; undefined: it never expires, or with its period. */
  readonly expires: string | undefined;
  /** Whether what a period gives outlasts it where `expires` does not say how long. */
  readonly rollOver: boolean;
  readonly priority: number;
};

/** Units that no fact gives a name. */
const UNIT = 'unit';

/**
 * What the rules that matched give, in their order. Units are called as the fact is that the first of their prices
 * counts; those that name no prices are for all of them. Throws INVALID_FACTS for a number below zero.
 */
export function grantsOf(
  strategy: Strategy,
  { facts, matches }: Pick<Matched, 'facts' | 'matches'>,
): readonly PricedGrant[] {
  return matchesOf(matches, 'grant').map(({ name, event }) => {
    const quantity = numberWithin(facts, event.number, { rule: name, of: 'grant', range: 'zero_or_more' });
    const isMoney = event.by === 'amount';
    const prices = event.of ?? (isMoney ? [] : [...strategy.prices.keys()]);
    return {
      rule: name,
      unit: isMoney ? undefined : unitOf(strategy, prices),
      quantity,
      prices,
      expires: event.expires,
      rollOver: event.rollOver,
      priority: event.priority,
    };
  });
}

/** What a period gives, in the currency of its money. */
export type PeriodGrants = { readonly currency: string; readonly grants: readonly PricedGrant[] };

/** What the rules of a period give, whether any of them charges for it or not. Throws INVALID_FACTS. */
export function* grantsDue(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, PeriodGrants, Matches> {
  const facts = gatherFacts(strategy, input, use);
  const matches = yield { moment: input.moment, facts: facts.values };
  return { currency: currencyOf(strategy, facts), grants: grantsOf(strategy, { facts, matches }) };
}

function unitOf({ prices, facts }: Strategy, [first = '']: readonly string[]): string {
  const quantity = prices.get(first)?.quantity;
  if (quantity?.kind !== 'fact') return UNIT;
  return facts.get(quantity.fact)?.unit ?? UNIT;
}
