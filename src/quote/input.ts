import type { Decimal } from '../money/decimal.js';
import type { FactType, Moment } from '../strategy/strategy.js';
import type { Instant, Span } from '../time/instant.js';

/** What is to be priced: uses of one account in order, or one period, or one bill. */
export type QuoteInput = {
  readonly moment: Moment;
  /** One map of facts for each use; exactly one at the moments `period` and `invoice`. */
  readonly usages: readonly GivenFacts[];
  /**
   * Running totals before the first use, by price or counter (`input`), and the number of earlier uses where a price
   * counts them (`card-fee.events`); with a maximum or shared free units also what the price has charged so far
   * (`card-fee.charged`) and got free (`calls.freed`). They hold in the windows in which the first use falls, for every
   * group.
   */
  readonly used: ReadonlyMap<string, Decimal>;
  /** At `period`: the measured quantity of each price. */
  readonly totals: ReadonlyMap<string, Decimal>;
  /** At `invoice`: the lines of the statement with their exact amounts. */
  readonly lines: readonly BilledLine[];
  /** At `period` and `invoice`: the part of the period in which the subscription runs; all of it unless given. */
  readonly service: { readonly start?: Instant; readonly end?: Instant };
  /** At `period`, where a subscription is charged; without it, all prices are charged for the part that is served. */
  readonly due?: Due;
};

/** What falls due together: the `service` of the input is one piece of a period that changes may have cut. */
export type Due = {
  readonly period: Span;
  /** All pieces of the period, between its first and its last moment of service. */
  readonly served: Span;
  /** Ids of the prices that are charged; others are charged at another time. */
  readonly prices: ReadonlySet<string>;
  /** Of a window that has closed: what each price was charged in it. Then nothing but what falls short of their minimums is due. */
  readonly earned?: ReadonlyMap<string, Decimal>;
};

export type GivenFacts = ReadonlyMap<string, GivenFact>;

/**
 * A fact as it was sent. Its text is read by the type that the document declares; a typed message also says its own,
 * which must agree.
 */
export type GivenFact =
  | { readonly kind: 'text'; readonly text: string; readonly type?: FactType }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'instant'; readonly at: Instant };

export type BilledLine = { readonly line: string; readonly amount: Decimal };
