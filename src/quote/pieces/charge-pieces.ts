import { minus, plus } from '../../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../../money/decimal.js';
import { upToBlockEnd } from '../../pricing/block-end.js';
import type { Bounds, Operand, Price, Running, Start } from '../../pricing/price.js';
import { countedPiece, countedUsage, rate } from '../../pricing/rate.js';
import { isMeasuredLate } from '../../strategy/read/reads.js';
import type { Strategy } from '../../strategy/strategy.js';
import { type Charge, countedBy, priceOf, winners } from '../charge.js';
import { type Counter, groupOf, runningOf } from '../counters.js';
import { operandValue, requireFact } from '../facts.js';
import type { QuoteInput } from '../input.js';
import { inDocumentOrder, plainLine } from '../line.js';
import type { RuleOf } from '../matched.js';
import { type Moves, boundsOf, countUse, enterPiece, runningBefore } from '../moves.js';
import { refuseUnpriced } from '../no-price.js';
import { WHOLE } from '../prorate.js';
import type { Instant } from '../../time/instant.js';
import { windowNameOf } from '../totals.js';
import type { Piece } from './piece.js';
import { lastOfRun } from './run.js';
import {
  type Part,
  type Progress,
  type ToShare,
  partOf,
  payPart,
  roundedOnLine,
  startProgress,
} from './progress.js';

/**
 * Prices the pieces of a use one after the other, as one use: a price goes on where the pieces before have left its
 * running total, a quantity is shared by time, and what a block, package or step has begun to cover is paid where it
 * begins. Throws NO_PRICE when something stays without a price in one of them.
 */
export function chargePieces(
  strategy: Strategy,
  input: QuoteInput,
  { pieces, moves }: { readonly pieces: readonly Piece[]; readonly moves: Moves },
): readonly Charge[] {
  const progress = startProgress(pieces);
  const winning = pieces.map(({ matches }) => winners(strategy, matches));
  const charges: Charge[] = [];
  for (const [index, piece] of pieces.entries()) {
    enterPiece(moves, piece.span.start);
    const won = winning[index] ?? [];
    for (const rule of won) {
      const last = lastOfRun(strategy, { pieces, winning, index, rule });
      const run =
        last === index ? piece : { ...piece, span: { ...piece.span, end: endOf(pieces, last, piece) } };
      const charge = chargePiece(strategy, input, { moves, progress, piece: run, index, last, rule });
      if (charge !== undefined) charges.push(charge);
    }
    refuseUnpriced(strategy, input, { facts: piece.facts, won, charged: won.length });
  }
  return inDocumentOrder(strategy, charges, ({ line }) => line.line);
}

function endOf(pieces: readonly Piece[], last: number, piece: Piece): Instant {
  return (pieces[last] ?? piece).span.end;
}

type ToCharge = {
  readonly moves: Moves;
  readonly progress: Progress;
  readonly piece: Piece;
  /** Positions of the first and the last piece that are charged at once. */
  readonly index: number;
  readonly last: number;
  readonly rule: RuleOf<'charge'>;
};

/** Undefined where all that it would charge for is paid already. */
function chargePiece(strategy: Strategy, input: QuoteInput, toCharge: ToCharge): Charge | undefined {
  const { moves, progress, piece, index, last, rule } = toCharge;
  const { facts } = piece;
  const { line, price: id } = rule.event;
  const prepared = strategy.prepared.prices.get(id);
  if (prepared === undefined) throw new Error(`${rule.name} names the price ${id}, which the check let pass`);
  const plan = prepared.price;
  for (const fact of plan.groupBy) requireFact(facts, fact, id);
  const counted = countedBy(plan, input);
  const price = priceOf(prepared, facts, counted);
  const whole = operandValue(facts, counted, id);
  const share: ToShare = { index, last, line, counted, byTime: isSharedByTime(plan, counted), whole };
  const part = partOf(progress, share);
  if (part === undefined) return undefined;
  if (!isMeasuredLate(plan)) return ratePart({ ...toCharge, plan, price, share, part });
  const quantity = payPart(progress, share, part, part.quantity);
  const own = { price: id, quantity, usedBefore: runningBefore(moves, runningOf(plan, facts)).quantity };
  return { line: { ...plainLine(line, 'measured', rule.name, ZERO), ...own }, piece };
}

type ToRate = ToCharge & {
  readonly plan: Price<Operand>;
  readonly price: Price<Decimal>;
  readonly share: ToShare;
  readonly part: Part;
};

function ratePart({ moves, progress, piece, rule, plan, price, share, part }: ToRate): Charge {
  const { facts } = piece;
  const { line } = rule.event;
  const running = runningOf(plan, facts);
  const now = runningBefore(moves, running);
  const keys = keysOf(moves, { plan, running, share, group: groupOf(plan, facts) });
  const known = boundsOf(moves, plan, facts);
  const bounds = plan.resets === 'each' ? boundsWithin(progress, keys.ofUse, known) : known;
  const ofCounter = progress.counted.get(keys.ofCounter);
  const before = startOf(price, now, { ofUse: progress.counted.get(keys.ofUse), ofCounter });
  const quantity = payPart(progress, share, part, upToBlockEnd(price, before, part.quantity, bounds));
  const rated = rate(price, before, quantity, bounds);
  // However many pieces count in it, a use is one event of a counter.
  const moved = {
    quantity: countedPiece(price, before, quantity),
    events: ofCounter === undefined ? ONE : ZERO,
  };
  for (const key of [keys.ofUse, keys.ofCounter]) note(progress, key, quantity);
  note(progress, freedKey(keys.ofUse), rated.freed);
  note(progress, chargedKey(keys.ofUse), rated.charged);
  const after = { quantity: plus(now.quantity, moved.quantity), events: plus(now.events, moved.events) };
  const amount = roundedOnLine(progress.money, line, price, rated.charged);
  countUse(moves, plan, { running, facts, numbers: price, rated: { ...rated, after, amount } });
  const usedBefore = plus(before.quantity, before.within ?? ZERO);
  const own = { quantity, usedBefore, amount, net: amount, shares: rated.shares };
  return {
    line: { line, kind: 'charge', price: plan.id, rule: rule.name, ...own },
    rating: { price, before, quantity, bounds, share: WHOLE, moved },
    piece,
  };
}

/** A number that is written out counts uses; the greatest, last or average value has no parts. */
function isSharedByTime(plan: Price<Operand>, counted: Operand): boolean {
  return counted.kind === 'fact' && (!isMeasuredLate(plan) || plan.measured?.aggregate === 'sum');
}

type ToKey = {
  readonly plan: Price<Operand>;
  readonly running: Counter;
  readonly share: ToShare;
  readonly group: string;
};

/** What the pieces of a use have in common that go on from each other: on one line, by what is counted, or where. */
function keysOf(moves: Moves, { plan, running, share: { line, counted }, group }: ToKey) {
  const what = counted.kind === 'fact' ? counted.fact : 'uses';
  const window = plan.resets === 'each' ? 'each' : windowNameOf(moves.totals, running, moves.at);
  return { ofUse: `${line} of ${what}${group}`, ofCounter: `${line} in ${window} ${running.key}` };
}

type Counted = { readonly ofUse: Decimal | undefined; readonly ofCounter: Decimal | undefined };

/**
 * Where a piece starts. A price that starts at zero with every use, and one of events, goes on from what the line has
 * counted so far, whichever price it was by; any other from what it has counted itself.
 */
function startOf(price: Price<Decimal>, now: Running, { ofUse, ofCounter }: Counted): Start {
  const { resets, model } = price;
  const before =
    ofCounter === undefined || resets === 'each'
      ? now
      : {
          quantity: minus(now.quantity, countedUsage(price, ofCounter)),
          events: minus(now.events, ONE),
        };
  const within = resets === 'each' || model.kind === 'percentage' ? ofUse : ofCounter;
  return within === undefined ? before : { ...before, within };
}

/** What has no counter of its own, since it starts again with each use, is known from the pieces before. */
function boundsWithin({ counted }: Progress, ofUse: string, known: Bounds): Bounds {
  return {
    ...known,
    freedBefore: known.freedBefore && (counted.get(freedKey(ofUse)) ?? ZERO),
    chargedBefore: known.chargedBefore && (counted.get(chargedKey(ofUse)) ?? ZERO),
  };
}

function freedKey(ofUse: string): string {
  return `${ofUse} freed`;
}

function chargedKey(ofUse: string): string {
  return `${ofUse} charged`;
}

function note({ counted }: Progress, key: string, more: Decimal): void {
  counted.set(key, plus(counted.get(key) ?? ZERO, more));
}
