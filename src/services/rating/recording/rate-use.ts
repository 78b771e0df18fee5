import { RatebookError, violationError } from '../../../errors/error.js';
import { type Facts, currencyOf } from '../../../quote/facts.js';
import type { GivenFacts, QuoteInput } from '../../../quote/input.js';
import { type RatedUse, rateUse } from '../../../quote/quote.js';
import { type StoredCounter, countedBy } from '../../../quote/stored-totals.js';
import { type Totals, periodAt } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import { formatFactValue } from '../../../strategy/fact-value.js';
import { isOfAccount } from '../../../strategy/read/facts-of.js';
import type { Moment, Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Account, Subscription } from '../accounts/account.js';
import { factsOf } from '../accounts/as-of.js';
import type { Covering } from '../wallets/cover.js';
import type { LoadedRevision } from '../revisions/revision-book.js';
import { type Soon, after } from '../soon.js';
import { notKnown } from './not-known.js';
import { refuseTooLong } from './storable.js';
import type { RatedPart, Rating, SentUsage } from './usage.js';

/** Who a use is for, and by which revision it is rated. */
export type Payer = AtTurn & {
  readonly subscription: Subscription;
  readonly revision: LoadedRevision;
};

export type Recorded = { readonly recordedAt: Instant; readonly place: number };

export type Start = {
  /** Where the counters stand. */
  readonly totals: Totals;
  /** What covers it in units. */
  readonly covering?: Covering | undefined;
  /** `usage` unless given. */
  readonly moment?: 'usage' | 'purchase';
};

export type Rated = {
  readonly rating: Rating;
  readonly rated: RatedUse;
  /** Where it left the counters. */
  readonly counters: readonly StoredCounter[];
  /** The window of the period that it is billed with. */
  readonly window: string;
};

/**
 * Rates a use after what `totals` has counted, which stays as it is. Throws, or rejects, with what the calculation
 * throws, with OTHER_CURRENCY, and with INVALID_FACTS when a fact was sent that is known here.
 */
export function rateSent(usage: SentUsage, payer: Payer, start: Start, recorded: Recorded): Soon<Rated> {
  const { totals, covering, moment = 'usage' } = start;
  const { account, subscription, revision } = payer;
  const { strategy, engine } = revision;
  const filled = filledFacts(moment, usage.occurredAt, payer);
  refuseFacts(usage.given, filled, payer);
  const input = inputOf(usage.given, filled, usage.occurredAt, moment);
  const calculated = answerSoon(
    engine.match,
    rateUse(strategy, input, { index: 0, totals, cover: covering?.cover }),
  );
  return after(calculated, (rated) => {
    const { evaluation, before } = rated;
    const currency = currencyOf(strategy, evaluation.facts);
    if (currency !== account.currency) throw otherCurrency(account, currency);
    const period = periodAt(totals, strategy.period, usage.occurredAt);
    const rating: Rating = {
      account: account.id,
      usageId: usage.usageId,
      number: 1,
      reverses: undefined,
      subscription: subscription.id,
      strategy: strategy.id,
      revision: revision.head.number,
      contentHash: revision.contentHash,
      occurredAt: usage.occurredAt,
      turn: payer.turn,
      ...recorded,
      fingerprint: usage.fingerprint,
      given: usage.given,
      filled,
      facts: factTexts(evaluation.facts),
      currency,
      amount: evaluation.amount,
      lines: evaluation.lines,
      discounts: evaluation.discounts,
      moment,
      period: period.span,
      dueAt: period.span.end,
      before,
      settlements: covering?.parts ?? [],
    };
    const counters = countedBy(rated.moves);
    refuseTooLong(rating, counters);
    return { rating, rated, counters, window: period.name };
  });
}

/**
 * All that the rules saw but the instant, which a rating has as such; for a measured price also, as `decided_by.<price>`,
 * the id of the use that decided its quantity.
 */
export function factTexts({ values }: Facts, part?: RatedPart): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { price, decidedBy } of part?.totals ?? [])
    if (decidedBy !== undefined) texts.set(`decided_by.${price}`, decidedBy);
  for (const [name, value] of values) if (name !== 'occurred_at') texts.set(name, formatFactValue(value));
  return texts;
}

/** What was rated, as the calculation takes it. */
export function inputOfRating(
  rating: Pick<Rating, 'given' | 'filled' | 'occurredAt' | 'moment' | 'period' | 'part'>,
): QuoteInput {
  const { given, filled, occurredAt, moment, period, part } = rating;
  const input = inputOf(given, filled, occurredAt, moment);
  if (part === undefined) return input;
  const { service, served, prices, totals, earned } = part;
  return {
    ...input,
    totals: new Map(totals.map(({ price, quantity }) => [price, quantity])),
    service,
    due: {
      period,
      served,
      prices: new Set(prices),
      ...(earned !== undefined && { earned: new Map([[earned.price, earned.amount]]) }),
    },
  };
}

/** What is to be rated, as the calculation takes it. */
export function inputOf(
  given: GivenFacts,
  filled: GivenFacts,
  occurredAt: Instant,
  moment: Moment = 'usage',
): QuoteInput {
  const facts = new Map(given);
  for (const [name, fact] of filled) facts.set(name, fact);
  facts.set('occurred_at', { kind: 'instant', at: occurredAt });
  return {
    moment,
    usages: [facts],
    used: new Map(),
    totals: new Map(),
    lines: [],
    service: {},
  };
}

/** The facts of account and subscription that the strategy declares or its rules of the moment read. */
export function filledFacts(
  moment: Moment,
  at: Instant,
  { account, subscription, revision: { strategy } }: Omit<Payer, 'turn' | 'backdated' | 'subscriptions'>,
): GivenFacts {
  const { ofAccount } = strategy.prepared.moments[moment];
  if (ofAccount.size === 0) return NOTHING_FILLED;
  const { timeZone: zone } = strategy;
  return factsOf(account, subscription, { at, zone }, (name) => ofAccount.has(name));
}

const NOTHING_FILLED: GivenFacts = new Map();

/** Facts of the account and the subscription are known here, so a caller cannot say otherwise, nor what is not known. */
function refuseFacts(given: GivenFacts, filled: GivenFacts, payer: Payer): void {
  const violations = [...notKnown(filled, payer)];
  for (const name of given.keys())
    if (isOfAccount(name))
      violations.push({ field: `facts.${name}`, description: knownHere(name, payer.revision.strategy) });
  if (violations.length > 0) throw violationError('INVALID_FACTS', violations);
}

function knownHere(name: string, { id }: Strategy): string {
  return `is known of the account or its subscription to ${id}; leave ${name} out`;
}

export function otherCurrency({ id, currency }: Account, found: string): RatebookError {
  const message = `The use has a price in ${found}, but the account ${id} is billed in ${currency}; use an account in ${found}.`;
  return new RatebookError('OTHER_CURRENCY', message, { metadata: { currency: found, account: id } });
}
