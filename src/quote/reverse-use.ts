import { negate } from '../money/arithmetic.js';
import { equals } from '../money/compare.js';
import { ONE, ZERO, isZero } from '../money/decimal.js';
import type { Running, Share } from '../pricing/price.js';
import { type Rated, cancel, countedUsage, rate, stepBack } from '../pricing/rate.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { adjustBack } from './adjust.js';
import type { Charge, Rating } from './charge.js';
import { runningOf } from './counters.js';
import type { Facts } from './facts.js';
import type { Cover } from './gathering.js';
import type { QuoteInput } from './input.js';
import { type Line, inDocumentOrder, netOf } from './line.js';
import {
  type Moves,
  type Reads,
  allMoved,
  boundsOf,
  countUse,
  enterPiece,
  runningBefore,
  startMoves,
} from './moves.js';
import { type Progress, roundedOnLine } from './pieces/progress.js';
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
  const moves = startMoves(totals, original.moves.start, reads);
  const evaluation = takeBack(strategy, original, moves);
  return { evaluation, moves, before: storedReads(moves, reads) };
}

function takeBack(strategy: Strategy, original: RatedUse, moves: Moves): Evaluation {
  const { facts, matches, pieces, discounts: taken, losses } = original.evaluation;
  const counting = { facts, moves, isLast: isLast(original.moves, moves.totals), money: new Map() };
  const charges = takeBackCharges(strategy, original.evaluation.charges, counting);
  const matched = { facts, matches, moves, pieces, fixedShare: WHOLE };
  const adjusted = adjustBack(strategy, matched, { charges, taken: { discounts: taken, losses } });
  const { discounts } = adjusted;
  // Those of a price whose every use is a window of its own, which nothing else has counted in.
  const topUps = original.evaluation.lines.filter(({ kind }) => kind === 'minimum').map(negatedLine);
  const lines = inDocumentOrder(strategy, [...adjusted.lines, ...topUps], ({ line }) => line);
  const amount = netOf(lines);
  return { facts, matches, charges: [], lines, discounts, taxes: [], amount, total: amount };
}

/** Lines may share a counter: the one that counted last goes first, and before all others those of the last piece. */
function takeBackCharges(
  strategy: Strategy,
  charged: readonly Charge[],
  counting: Counting,
): readonly Charge[] {
  const back = new Map<Charge, Charge>();
  for (const charge of charged.toReversed().sort(laterPieceFirst)) {
    if (charge.piece !== undefined) enterPiece(counting.moves, charge.piece.span.start);
    back.set(charge, takeBackCharge(strategy, charge, counting));
  }
  return charged.map((charge) => back.get(charge) ?? charge);
}

function laterPieceFirst({ piece: a }: Charge, { piece: b }: Charge): number {
  if (a === undefined || b === undefined || a === b) return 0;
  return a.span.start > b.span.start ? -1 : 1;
}

/** Whether all counters of a use stand where it has left them. */
function isLast(original: Moves, totals: Totals): boolean {
  for (const { counter, to, at } of allMoved(original)) {
    const { quantity = ZERO, events = ZERO } = countedBefore(totals, counter, at, original.start);
    if (!equals(quantity, to.quantity) || !equals(events, to.events)) return false;
  }
  return true;
}

type Counting = {
  readonly facts: Facts;
  readonly moves: Moves;
  readonly isLast: boolean;
  readonly money: Progress['money'];
};

function takeBackCharge(strategy: Strategy, { line, rating, piece }: Charge, counting: Counting): Charge {
  const { moves } = counting;
  const facts = piece?.facts ?? counting.facts;
  const quantity = negate(line.quantity);
  const plan = strategy.prices.get(line.price);
  // What is measured has no amount yet.
  if (rating === undefined || plan === undefined) return { line: { ...line, quantity }, piece };
  const running = runningOf(plan, facts);
  const now = runningBefore(moves, running);
  // Under a bound that prices share, one may have taken what another gave up: the last use goes by itself alone.
  const isExact = counting.isLast || !hasRunningTotal(rating, now);
  const rated = isExact
    ? negated(rating, now)
    : cancel(rating.price, now, movedBy(rating), boundsOf(moves, plan, facts));
  const own = piece === undefined ? prorate(rated.amount, rating.share) : undefined;
  const amount =
    own ??
    (isExact ? negate(line.amount) : roundedOnLine(counting.money, line.line, rating.price, rated.charged));
  countUse(moves, plan, { running, facts, numbers: rating.price, rated: { ...rated, amount } });
  const taken = { quantity, usedBefore: now.quantity, amount, net: amount, shares: rated.shares };
  return { line: { ...line, ...taken }, piece };
}

function movedBy({ price, quantity, moved }: Rating): Running {
  return moved ?? { quantity: countedUsage(price, quantity), events: ONE };
}

/**
 * A price that starts at zero with every usage has no running total. Nor has one whose events each have a price of their
 * own: a large event that was free, taken back at the place of a small one that paid, would give back more than was paid.
 */
function hasRunningTotal({ price: { model } }: Rating, { events }: Running): boolean {
  return model.kind !== 'percentage' && !isZero(events);
}

/** The exact negative of what a use came to; what counts it goes down by as much as it went up. */
function negated(rating: Rating, now: Running): Rated {
  const { price, before, quantity, bounds } = rating;
  const { amount, shares, freed, charged } = rate(price, before, quantity, bounds);
  return {
    amount: negate(amount),
    shares: shares.map(negatedShare),
    after: isZero(now.events) ? now : stepBack(now, movedBy(rating)),
    freed: negate(freed),
    charged: negate(charged),
  };
}

/** What takes back all that a line came to, tier by tier. */
export function negatedLine(line: Line): Line {
  return {
    ...line,
    quantity: negate(line.quantity),
    amount: negate(line.amount),
    net: negate(line.net),
    shares: line.shares.map(negatedShare),
  };
}

/** What a tier gives back of what it took. */
function negatedShare(share: Share): Share {
  const { quantity, flat, amount } = share;
  return { ...share, quantity: negate(quantity), flat: negate(flat), amount: negate(amount) };
}
