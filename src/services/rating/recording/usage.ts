import type { RatebookError } from '../../../errors/error.js';
import type { Part } from '../../../ledger/funds.js';
import type { Decimal } from '../../../money/decimal.js';
import type { GivenFacts } from '../../../quote/input.js';
import type { Discount, Line } from '../../../quote/line.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import type { Instant, Span } from '../../../time/instant.js';
import type { Moment } from '../../../strategy/strategy.js';

/** A use as a caller has sent it. */
export type SentUsage = {
  readonly account: string;
  /** The caller's own id: with the account it names the use for ever. */
  readonly usageId: string;
  /** The id of the subscription, or the strategy of the only live one. */
  readonly target:
    | { readonly kind: 'subscription'; readonly id: string }
    | { readonly kind: 'strategy'; readonly strategy: string };
  readonly occurredAt: Instant;
  /** Without `occurred_at`. */
  readonly given: GivenFacts;
  /** SHA-256 of instant and facts: what tells a repeat from another use under the same id. */
  readonly fingerprint: string;
};

/** A use that is stored, whether it has a price or waits for one. */
export type KeptUsage = {
  readonly account: string;
  readonly usageId: string;
  /** The id of the subscription. */
  readonly subscription: string;
  readonly strategy: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  /** Of the account: what has the lower turn, then the lower place, was recorded first. */
  readonly turn: number;
  readonly place: number;
  readonly fingerprint: string;
  readonly given: GivenFacts;
};

/** The stored price of a use. It never changes; what takes it back is a rating of its own. */
export type Rating = KeptUsage & {
  /** 1 for the use itself; what corrects it follows. */
  readonly number: number;
  /** The number of the rating that this one takes back. */
  readonly reverses: number | undefined;
  readonly revision: number;
  readonly contentHash: string;
  /** Facts of the account and the subscription as of the use. */
  readonly filled: GivenFacts;
  /** All that the rules saw but the instant, given or computed, as texts. */
  readonly facts: ReadonlyMap<string, string>;
  readonly currency: string;
  readonly amount: Decimal;
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  /** What it is of: something used, a period that fell due, or something bought. */
  readonly moment: Exclude<Moment, 'invoice'>;
  /** The usage period that it is billed for. */
  readonly period: Span;
  /** The first statement up to here or later that is closed after it was recorded has it. */
  readonly dueAt: Instant;
  /** Of a period that fell due: which part of it was charged, and what for. */
  readonly part?: RatedPart;
  /** Where the counters stood that it was computed from. */
  readonly before: readonly StoredCounter[];
  /** What wallets have paid of it: units that its price does not count, and money. */
  readonly settlements: readonly Settlement[];
  /** It takes back the very amounts, as rerating does, and not what the use counts down to now. */
  readonly isExact?: true;
  /** Of what rerating has made: the rating that it replaces, and the place at which the use was counted first. */
  readonly replaces?: Replaced;
};

export type Replaced = { readonly number: number; readonly turn: number; readonly place: number };

/** What one grant has paid of a rating; below zero: given back. */
export type Settlement = Part & {
  /** The wallet's: the currency of the rating, or units that were covered and not charged. */
  readonly unit: string;
};

/** One piece of a period, as it was charged. */
export type RatedPart = {
  /** What is charged here, and all that was served of the period. */
  readonly service: Span;
  readonly served: Span;
  /** Ids of the prices that fell due. */
  readonly prices: readonly string[];
  readonly totals: readonly MeasuredTotal[];
  /** Where a window has closed: what is topped up to a minimum. */
  readonly earned?: Earned;
  /** The window that it is billed with. */
  readonly window: string;
};

/** What a price has charged one group in a window. */
export type Earned = {
  readonly price: string;
  /** The text that tells the group from others; empty: there are none. */
  readonly group: string;
  readonly amount: Decimal;
};

/** What a price has measured, and the id of the use that decided it where it was a single one. */
export type MeasuredTotal = {
  readonly price: string;
  readonly quantity: Decimal;
  readonly decidedBy: string | undefined;
};

/** A use that waits for a price. */
export type UnpricedUsage = KeptUsage & {
  readonly reason: UnpricedReason | UnpricedPeriodReason;
  readonly message: string;
};

/** No rule charges for it, or no revision was in effect at its instant. A later revision may price it. */
export const UNPRICED_REASONS = ['NO_PRICE', 'REVISION_NOT_FOUND'] as const;
export type UnpricedReason = (typeof UNPRICED_REASONS)[number];

/**
 * What keeps a period that fell due from being charged, until an attribute or a revision puts it right; or from giving
 * what it gives, until there is room for it in the wallet.
 */
export const UNPRICED_PERIOD_REASONS = ['INVALID_FACTS', 'OTHER_CURRENCY', 'TOO_LARGE'] as const;
export type UnpricedPeriodReason = (typeof UNPRICED_PERIOD_REASONS)[number];

/** Usage ids of what Ratebook rates itself; callers may not send them. */
export const OWN_USAGE = 'ratebook:';

/** What became of a use. */
export type UsageOutcome =
  | { readonly kind: 'rated'; readonly rating: Rating }
  | { readonly kind: 'duplicate'; readonly rating: Rating }
  | { readonly kind: 'unpriced'; readonly usage: UnpricedUsage }
  | { readonly kind: 'rejected'; readonly error: RatebookError };
