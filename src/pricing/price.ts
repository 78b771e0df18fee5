import type { Decimal } from '../money/decimal.js';
import type { RoundingMode } from '../money/rounding.js';
import type { Window } from '../time/window.js';
import type { Level } from './part.js';

/** A number of a document: written out, or the name of a fact that holds it. */
export type Operand =
  { readonly kind: 'number'; readonly value: Decimal } | { readonly kind: 'fact'; readonly fact: string };

/**
 * How a price computes, with every number of kind `N`: an `Operand` as the document has it, a `Decimal` once the facts
 * are known. The keys and their meaning are those of the strategy document.
 */
export type Model<N> =
  | { readonly kind: 'flat'; readonly amount: N }
  | { readonly kind: 'per_unit'; readonly unitPrice: N; readonly per: N }
  | {
      readonly kind: 'graduated';
      readonly tiers: readonly Tier<N>[];
      /** What totals that have passed one tier after the other come to; prepared where all numbers are constant. */
      readonly passed?: readonly Level[];
    }
  | { readonly kind: 'volume'; readonly tiers: readonly Tier<N>[] }
  | { readonly kind: 'package'; readonly size: N; readonly price: N; readonly partial: 'up' | 'down' }
  | {
      readonly kind: 'percentage';
      readonly percent: N;
      /** Money added to each event that pays. */
      readonly fixed: N;
      readonly freeEvents?: N;
      readonly freeAmount?: N;
      /** Least and most that one event which pays may cost. */
      readonly minimum?: N;
      readonly maximum?: N;
    }
  | { readonly kind: 'graduated_percentage' | 'volume_percentage'; readonly tiers: readonly PercentTier<N>[] }
  | { readonly kind: 'dynamic'; readonly multiplier: N };

export type Tier<N> = {
  /** Inclusive upper bound; none on the last tier. */
  readonly upTo?: N;
  readonly unitPrice: N;
  readonly per: N;
  /** Charged once when the tier is entered. */
  readonly flat: N;
  /** The units charged in this tier are rounded up to a multiple of it. */
  readonly block?: N;
  /** Most that this tier may cost. */
  readonly maximum?: N;
};

export type PercentTier<N> = { readonly upTo?: N; readonly percent: N; readonly flat: N };

/** When a running total starts again from zero; `each`: with every usage. */
export type Resets = Window | 'never' | 'each';

export type Price<N> = {
  readonly id: string;
  readonly model: Model<N>;
  /** What is counted: the `quantity` or `of` of the document; 1 for a `flat` price. */
  readonly quantity: N;
  /** Units that cost nothing. With `own`, they are counted in a window and counter of their own, shared by all that name it. */
  readonly free?: { readonly quantity: N; readonly own?: Bound };
  /** Most that the price costs in its window, or in the window of `own`. */
  readonly maximum?: { readonly amount: N; readonly own?: Bound };
  /** Topped up when a window with usage closes. */
  readonly minimum?: N;
  readonly roundQuantity?: {
    readonly to: N;
    readonly mode: 'up' | 'down' | 'half_up';
    readonly each: boolean;
  };
  readonly roundRating?: { readonly to: N; readonly mode: RoundingMode };
  /** Facts whose values each have a counter of their own, in the order of their names. */
  readonly groupBy: readonly string[];
  readonly resets: Resets;
  /** Prices that name the same counter share their running total; the price's id unless given. */
  readonly counter: string;
  /** Prices and amounts below zero are allowed (feed-in). */
  readonly negative: boolean;
  readonly measured?: Measured;
  readonly recurring: Recurring;
};

export type Bound = { readonly per: Window | 'never'; readonly counter: string };

/** How usages become the one quantity that is priced when the period, or a bucket of it, closes. */
export type Measured = {
  readonly aggregate: 'sum' | 'count' | 'max' | 'last' | 'unique' | 'average';
  readonly bucket?: '5m' | '15m' | '30m' | 'hour' | 'day';
  /** Joins the buckets into one quantity: `p95` takes the rank ⌈0.95 · n⌉. */
  readonly over?: 'sum' | 'max' | 'average' | `p${number}`;
};

/** How a price behaves at the moment `period`. */
export type Recurring = {
  readonly bill: 'advance' | 'arrears';
  readonly prorate: 'days' | 'seconds' | 'none';
  readonly period?: Window;
  readonly anchor: 'calendar' | 'subscription';
};

/** A running total before a usage, in the price's own window and group. */
export type Running = {
  /** Units counted so far, before `free`; money for a price `of` an amount; charges for a `flat` price. */
  readonly quantity: Decimal;
  /** Usages counted so far; before the first one the total price is 0 even where a tier has a `flat`. */
  readonly events: Decimal;
};

/** Where a usage starts, or a later piece of one that is priced in pieces. */
export type Start = Running & {
  /** What earlier pieces of the same usage have counted of it: it is one event, and the pieces share its total. */
  readonly within?: Decimal;
};

/**
 * What the counters of a price stand at before the usage, where its running total does not say so already. `freeUsed`,
 * `freedBefore` are read where `free` has a counter of its own; `maximumUsed` and `chargedBefore` where `maximum` has, or
 * where a `percentage` has a maximum at all.
 */
export type Bounds = {
  /** Units that the shared counter of `free` made free so far, in its own window, for all prices. */
  readonly freeUsed?: Decimal;
  /** Those of them that were units of this price, in this price's window. */
  readonly freedBefore?: Decimal;
  /** Money that the counter of `maximum` holds so far, in its own window, from all prices. */
  readonly maximumUsed?: Decimal;
  /** That part of it which this price charged in this price's window; the most it can be unless given. */
  readonly chargedBefore?: Decimal;
};

/** What one tier (or a whole price without tiers) contributes: quantity × unitPrice ÷ per + flat, held to `amount`. */
export type Share = {
  /** Position of the tier, from 0; a price without tiers has one share. */
  readonly tier: number;
  readonly upTo?: Decimal;
  /** Units charged, after free units and rounding. Negative where an earlier charge is taken back (volume). */
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly per: Decimal;
  readonly flat: Decimal;
  readonly amount: Decimal;
};
