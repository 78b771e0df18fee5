import { minus, negate, plus } from '../money/arithmetic.js';
import { greaterThan } from '../money/compare.js';
import { type Decimal, ONE, ZERO, isZero } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import { lessFree } from './free.js';
import { lessMaximum } from './maximum.js';
import { type Cost, totalOf } from './part.js';
import { percentage } from './percentage.js';
import type { Bounds, Price, Running, Share, Start } from './price.js';
import { sharesBetween } from './share.js';
import { type TotalModel, costOf, costOfPart, countedTotal, freeOf } from './total.js';

export type Rated = {
  /** What this usage costs. */
  readonly amount: Decimal;
  /** By tier, in their order; they add up to `charged`. Tiers that this usage leaves alone are not listed. */
  readonly shares: readonly Share[];
  readonly after: Running;
  /** Units that became free: what `freeUsed` and `freedBefore` move by. Below zero when a usage is taken back. */
  readonly freed: Decimal;
  /** The amount before `round_rating`: what `maximumUsed` and `chargedBefore` move by. */
  readonly charged: Decimal;
};

/**
 * The cost of one usage after a running total t: P(t + q) − P(t), where P before the first usage is 0. A price that
 * `resets: each` is rated from a running total of zero; a `flat` price with the quantity 1. A later piece of a usage, which
 * starts `within` it, costs what the usage comes to with it less what it came to before, each time as one event.
 */
export function rate(price: Price<Decimal>, before: Start, quantity: Decimal, bounds: Bounds = {}): Rated {
  if (before.within !== undefined) return ratePiece(price, before, { from: before.within, quantity, bounds });
  const counted = countedUsage(price, quantity);
  const after = { quantity: plus(before.quantity, counted), events: plus(before.events, ONE) };
  return move(price, before, after, bounds);
}

type PieceToRate = { readonly from: Decimal; readonly quantity: Decimal; readonly bounds: Bounds };

function ratePiece(price: Price<Decimal>, start: Running, { from, quantity, bounds }: PieceToRate): Rated {
  const events = plus(start.events, ONE);
  const at = (within: Decimal) => ({ quantity: plus(start.quantity, countedUsage(price, within)), events });
  return move(price, { ...at(from), start }, at(plus(from, quantity)), bounds);
}

/** Units that a usage, or a piece of one, enters in the running total. */
export function countedPiece(price: Price<Decimal>, { within }: Start, quantity: Decimal): Decimal {
  if (within === undefined) return countedUsage(price, quantity);
  return minus(countedUsage(price, plus(within, quantity)), countedUsage(price, within));
}

/**
 * Takes back what a usage, or a piece of one, has moved the running total by, as if it had been the last:
 * −(P(t) − P(t − q)), with its event less, so that the only usage of a window takes its flat fees back too. Counters move
 * by the (negative) `freed` and `charged`.
 */
export function cancel(
  price: Price<Decimal>,
  current: Running,
  counted: Running,
  bounds: Bounds = {},
): Rated {
  return move(price, current, stepBack(current, counted), bounds);
}

/** Where a running total stands without what was counted. */
export function stepBack({ quantity, events }: Running, counted: Running): Running {
  return { quantity: minus(quantity, counted.quantity), events: minus(events, counted.events) };
}

/** The quantity of one usage as it enters the running total: rounded by itself where the price says `each`. */
export function countedUsage(price: Price<Decimal>, quantity: Decimal): Decimal {
  const { roundQuantity } = price;
  return roundQuantity?.each === true ? roundTo(quantity, roundQuantity.to, roundQuantity.mode) : quantity;
}

/** Where a usage begins; for a later piece of it also where all of it began. */
type From = Running & { readonly start?: Running };

/** Goes from one running total to another: a usage to a later one, the taking back of a usage to an earlier one. */
function move(price: Price<Decimal>, from: From, to: Running, bounds: Bounds): Rated {
  const counted = {
    before: countedTotal(price, from.quantity),
    after: countedTotal(price, to.quantity),
  };
  const { before, after, freed } = lessFree(price, bounds, counted);
  const cost = costBetween(price, { at: from, units: before }, { at: to, units: after });
  // What earlier events cost cannot be seen from their total: the caller has counted it.
  const earlier =
    price.model.kind === 'percentage' ? minus(bounds.chargedBefore ?? ZERO, totalOf(cost.before)) : ZERO;
  const held = lessMaximum(price, bounds, {
    before: plus(earlier, totalOf(cost.before)),
    after: plus(earlier, totalOf(cost.after)),
  });
  const charged = minus(held.after, held.before);
  return {
    amount: roundRating(price, charged),
    shares: sharesBetween(
      { cost: cost.before, charged: minus(held.before, earlier) },
      { cost: cost.after, charged: minus(held.after, earlier) },
    ),
    after: to,
    freed,
    charged,
  };
}

/** A running total, and the units of it that are charged. */
type Point = { readonly at: From; readonly units: Decimal };

/** The total price at both ends; of a percentage, that of the one event between them. */
function costBetween(price: Price<Decimal>, from: Point, to: Point): { before: Cost; after: Cost } {
  const { model } = price;
  if (model.kind !== 'percentage') return { before: costAt(model, from), after: costAt(model, to) };
  const { start } = from.at;
  if (start !== undefined) {
    // What the event came to, and what it comes to with another piece.
    const began = { events: start.events, quantity: unitsAtStart(price, from, start) };
    const costOfEvent = ({ units }: Point) =>
      costOfPart(percentage(model, began, minus(units, began.quantity)));
    return { before: costOfEvent(from), after: costOfEvent(to) };
  }
  const size = minus(to.units, from.units);
  return greaterThan(to.at.events, from.at.events)
    ? { before: undefined, after: costOfPart(percentage(model, { ...from.at, quantity: from.units }, size)) }
    : {
        before: costOfPart(percentage(model, { ...to.at, quantity: to.units }, negate(size))),
        after: undefined,
      };
}

/** Units before an event that a later piece goes on with. Of shared free ones none is taken to have gone to earlier pieces. */
function unitsAtStart(price: Price<Decimal>, { at, units }: Point, { quantity }: Running): Decimal {
  const counted = countedTotal(price, quantity);
  const { free } = price;
  const taken =
    free !== undefined && free.own === undefined
      ? freeOf(counted, free.quantity)
      : minus(countedTotal(price, at.quantity), units);
  return minus(counted, taken);
}

/** Before the first usage nothing is due, not even the flat of the first tier. */
function costAt(model: TotalModel, { at: { quantity, events }, units }: Point): Cost {
  return isZero(quantity) && isZero(events) ? undefined : costOf(model, units);
}

/** What a rating of so much comes to where the price rounds each. */
export function roundRating({ roundRating: by }: Price<Decimal>, charged: Decimal): Decimal {
  return by === undefined ? charged : roundTo(charged, by.to, by.mode);
}
