import { minus, negate } from '../money/arithmetic.js';
import { equals } from '../money/compare.js';
import { ONE, ZERO, isZero } from '../money/decimal.js';
import type { Running, Share } from '../pricing/price.js';
import { type Rated, cancel, countedUsage, rate } from '../pricing/rate.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { adjustBack } from './adjust.js';
import type { Charge, Rating } from './charge.js';
import { runningOf } from './counters.js';
import type { Facts } from './facts.js';
import type { Cover } from './gathering.js';
import type { QuoteInput } from './input.js';
import { netOf } from './line.js';
import { type Moves, type Reads, boundsOf, countUse, runningBefore, startMoves } from './moves.js';
import { WHOLE, prorate } from './prorate.js';
import { type Evaluation, type RatedUse, rateUse } from './quote.js';
import { type StoredCounter, byWindow, storedReads } from './stored-totals.js';
import { type Totals, countedBefore, restoreTotals } from './totals.js';

/** Which use of the input, the totals that it is counted in now, and the `before` that it was rated with. */
export type UseToReverse = {
  readonly index: number;
  readonly totals: Totals;
  readonly before: readonly StoredCounter[];
  /** What of it was paid in units. */
  readonly cover?: Cover | undefined;
};

/**
 * Takes a use back, as if it had been the last one of its counters: −(P(t) − P(t − q)) at the totals of now, so that
 * those that stay cost what they would have cost without it. Like `rateUse`, it leaves the totals as they were until the
 * moves are taken over. Throws as `quote` does where the strategy or the input are not those that the use was rated with.
 *
 * The use is rated again first, from its own `before`: facts that follow running totals, and so the rules that won, are
 * those of then, whatever was counted since. Only the arithmetic is that of now, but for what `amount` and
 * `free_quantity` discounts took off, which comes back as it was taken: where a use that cost more then than now had
 * such a discount, taking it back may come to more than zero.
 */
export function* reverseUse(
  strategy: Strategy,
  input: QuoteInput,
  { index, totals, before, cover }: UseToReverse,
): Generator<MatchQuestion, RatedUse, Matches> {
  const then = restoreTotals(strategy, byWindow(before));
  const original = yield* rateUse(strategy, input, { index, totals: then, cover });
  const reads: Reads = [];
  const moves = startMoves(totals, original.moves.at, reads);
  const evaluation = takeBack(strategy, original, moves);
  return { evaluation, moves, before: storedReads(moves, reads) };
}

function takeBack(strategy: Strategy, original: RatedUse, moves: Moves): Evaluation {
  const { facts, matches, charges: charged, discounts: taken } = original.evaluation;
  const counting = { facts, moves, isLast: isLast(original.moves, moves.totals) };
  // Lines may share a counter: the one that counted last goes first.
  const charges = charged
    .toReversed()
    .map((charge) => takeBackCharge(strategy, charge, counting))
    .toReversed();
  const { lines, discounts } = adjustBack(
    strategy,
    { facts, matches, moves, fixedShare: WHOLE },
    { charges, taken },
  );
  const amount = netOf(lines);
  return { facts, matches, charges: [], lines, discounts, taxes: [], amount, total: amount };
}

/** Whether all counters of a use stand where it has left them. */
function isLast({ moved, at }: Moves, totals: Totals): boolean {
  for (const { counter, to } of moved.values()) {
    const { quantity = ZERO, events = ZERO } = countedBefore(totals, counter, at);
    if (!equals(quantity, to.quantity) || !equals(events, to.events)) return false;
  }
  return true;
}

type Counting = { readonly facts: Facts; readonly moves: Moves; readonly isLast: boolean };

function takeBackCharge(strategy: Strategy, { line, rating }: Charge, counting: Counting): Charge {
  const { facts, moves } = counting;
  const quantity = negate(line.quantity);
  const plan = strategy.prices.get(line.price);
  // What is measured has no amount yet.
  if (rating === undefined || plan === undefined) return { line: { ...line, quantity } };
  const running = runningOf(plan, facts);
  const now = runningBefore(moves, running);
  // Under a bound that prices share, one may have taken what another gave up: the last use goes by itself alone.
  const rated =
    counting.isLast || !hasRunningTotal(rating, now)
      ? negated(rating, now)
      : cancel(rating.price, now, rating.quantity, boundsOf(moves, plan, facts));
  countUse(moves, plan, { running, facts, rated });
  const amount = prorate(rated.amount, rating.share);
  return { line: { ...line, quantity, usedBefore: now.quantity, amount, net: amount, shares: rated.shares } };
}

/**
 * A price that starts at zero with every usage has no running total. Nor has one whose events each have a price of their
 * own: a large event that was free, taken back at the place of a small one that paid, would give back more than was paid.
 */
function hasRunningTotal({ price: { model } }: Rating, { events }: Running): boolean {
  return model.kind !== 'percentage' && !isZero(events);
}

/** The exact negative of what a use came to; what counts it goes down by as much as it went up. */
function negated({ price, before, quantity, bounds }: Rating, now: Running): Rated {
  const { amount, shares, freed, charged } = rate(price, before, quantity, bounds);
  return {
    amount: negate(amount),
    shares: shares.map(negatedShare),
    after: isZero(now.events)
      ? now
      : { quantity: minus(now.quantity, countedUsage(price, quantity)), events: minus(now.events, ONE) },
    freed: negate(freed),
    charged: negate(charged),
  };
}

/** What a tier gives back of what it took. */
export function negatedShare(share: Share): Share {
  const { quantity, flat, amount } = share;
  return { ...share, quantity: negate(quantity), flat: negate(flat), amount: negate(amount) };
}
