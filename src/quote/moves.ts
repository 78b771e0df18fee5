import { minus, plus } from '../money/arithmetic.js';
import { lessThan } from '../money/compare.js';
import { type Decimal, ZERO, decimal, isZero } from '../money/decimal.js';
import type { Bounds, Operand, Price, Running } from '../pricing/price.js';
import type { Rated } from '../pricing/rate.js';
import { total } from '../pricing/total.js';
import { type Counter, chargedOf, earnedOf, freedOf, ownCounter, timesOf } from './counters.js';
import type { Instant } from '../time/instant.js';
import type { Facts } from './facts.js';
import { type Known, type Totals, countedBefore, remember, windowNameOf } from './totals.js';

/**
 * Where one use has moved the counters so far. They are kept apart from the totals that it started from, which stay as
 * they were until all of it has a price; lines that follow see what earlier lines of the same use have counted.
 */
export type Moves = {
  readonly totals: Totals;
  /** When the use happened, or began. */
  readonly start: Instant | undefined;
  /** Whose windows are counted in: the start, or that of the piece which a use that lasts has come to. */
  at: Instant | undefined;
  /** In those windows, by the key of the counter. */
  readonly moved: Map<string, Move>;
  /** In windows that the use has left. */
  left: Moved[] | undefined;
  readonly reads: Reads | undefined;
};
type Move = { readonly counter: Counter; readonly to: Running };
/** Where a counter was moved to, in its window at the instant. */
export type Moved = Move & { readonly at: Instant | undefined };

/** Notes what an evaluation finds in the totals that it starts from, for those who keep it. */
export type Reads = {
  readonly counter: Counter;
  readonly found: Known;
  readonly at: Instant | undefined;
}[];

export function startMoves(totals: Totals, start: Instant | undefined, reads?: Reads): Moves {
  return { totals, start, at: start, moved: new Map(), left: undefined, reads };
}

/**
 * Goes on to another piece of the use. Counters whose windows it has left are not met again, so pieces are gone through
 * in their order, or all the way back.
 */
export function enterPiece(moves: Moves, at: Instant): void {
  const { totals, at: from, moved } = moves;
  moves.at = at;
  for (const [key, move] of moved) {
    if (windowNameOf(totals, move.counter, from) === windowNameOf(totals, move.counter, at)) continue;
    moved.delete(key);
    moves.left ??= [];
    moves.left.push({ ...move, at: from });
  }
}

/** Every counter that was moved, once a window. */
export function allMoved({ at, moved, left = [] }: Moves): readonly Moved[] {
  return [...left, ...[...moved.values()].map(({ counter, to }) => ({ counter, to, at }))];
}

/** Takes the moves of a use that has a price over into the totals. */
export function takeOver({ totals, start, at, moved, left }: Moves): void {
  totals.first ??= start;
  for (const one of left ?? []) remember(totals, one.counter, one.at, one.to);
  for (const { counter, to } of moved.values()) remember(totals, counter, at, to);
}

/** What the counter of a price stands at before this use; at nothing where each use starts again. */
export function runningBefore(moves: Moves, running: Counter): Running {
  const { quantity, events } = known(moves, running);
  return { quantity: quantity ?? ZERO, events: events ?? ZERO };
}

/** Where the counters stand that the bounds of a price go by, as far as they were counted or given. */
export function boundsOf(moves: Moves, price: Price<Operand>, facts: Facts): Bounds {
  const { free, maximum } = price;
  if (free?.own === undefined && maximum === undefined) return NO_BOUNDS;
  const counted = (counter: Counter) => known(moves, counter).quantity;
  return {
    freeUsed: free?.own && counted(ownCounter(free.own)),
    freedBefore: free?.own && counted(freedOf(price, facts)),
    maximumUsed: maximum?.own && counted(ownCounter(maximum.own)),
    chargedBefore: maximum && counted(chargedOf(price, facts)),
  };
}

const NO_BOUNDS: Bounds = {};

type Counted = {
  readonly running: Counter;
  readonly facts: Facts;
  /** The price with the numbers that it was rated by. */
  readonly numbers: Price<Decimal>;
  readonly rated: Rated;
};

/** Moves the counters of a price on by one use. */
export function countUse(moves: Moves, price: Price<Operand>, counted: Counted): void {
  const { free, maximum, minimum } = price;
  const { running, facts, rated } = counted;
  if (minimum !== undefined) countEarned(moves, earnedOf(price, facts), counted);
  move(moves, running, rated.after);
  if (free?.own === undefined && maximum === undefined) return;
  const add = (counter: Counter, more: Decimal) => {
    const before = known(moves, counter).quantity ?? ZERO;
    move(moves, counter, { quantity: plus(before, more), events: ZERO });
  };
  if (free?.own !== undefined) {
    add(ownCounter(free.own), rated.freed);
    add(freedOf(price, facts), rated.freed);
  }
  if (maximum?.own !== undefined) add(ownCounter(maximum.own), rated.charged);
  if (maximum !== undefined) add(chargedOf(price, facts), rated.charged);
}

function countEarned(moves: Moves, earned: Counter, { running, numbers, rated }: Counted): void {
  const start = known(moves, running);
  const uses = minus(rated.after.events, start.events ?? ZERO);
  const before = earnedBefore(numbers, start);
  const { quantity = before.quantity, events = before.events } = known(moves, earned);
  move(moves, earned, { quantity: plus(quantity, rated.amount), events: plus(events, uses) });
}

/**
 * While a price had no minimum it did not count what it charged: then that is what all of it would cost now. What came of
 * which price is not known where several share a counter.
 */
function earnedBefore(price: Price<Decimal>, { quantity = ZERO, events = ZERO }: Known): Running {
  const isKnown = price.counter === price.id && !isZero(events);
  return isKnown ? { quantity: total(price, quantity), events } : { quantity: ZERO, events: ZERO };
}

/** Whether a discount may be taken once more, as far as is known. */
export function hasTimesLeft(moves: Moves, rule: string, times: number): boolean {
  return lessThan(known(moves, timesOf(rule)).quantity ?? ZERO, decimal(times));
}

/** Counts that a discount was taken, or with −1 that it was given back. */
export function countTimes(moves: Moves, rule: string, more: Decimal): void {
  const counter = timesOf(rule);
  const before = known(moves, counter).quantity ?? ZERO;
  move(moves, counter, { quantity: plus(before, more), events: ZERO });
}

function move({ moved }: Moves, counter: Counter, to: Running): void {
  if (counter.resets === 'each') return;
  moved.set(counter.key, { counter, to });
}

const NOTHING: Known = { quantity: ZERO, events: ZERO };

/** What was counted by this use, by the ones before it, or given for the window. */
function known({ totals, start, at, moved, reads }: Moves, counter: Counter): Known {
  if (counter.resets === 'each') return NOTHING;
  const own = moved.get(counter.key);
  if (own !== undefined) return own.to;
  const found = countedBefore(totals, counter, at, start);
  reads?.push({ counter, found, at });
  return found;
}
