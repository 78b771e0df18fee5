import { minus, plus } from '../../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../../money/decimal.js';
import { upToBlockEnd } from '../../pricing/block-end.js';
import type { Operand, Price, Running, Start } from '../../pricing/price.js';
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
import { windowNameOf } from '../totals.js';
import type { Piece } from './piece.js';
import { type Progress, type ToShare, partOf, payPart, roundedOnLine, startProgress } from './progress.js';

type Going = { readonly moves: Moves; readonly progress: Progress };

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
  const going = { moves, progress: startProgress(pieces) };
  const charges: Charge[] = [];
  for (const [index, piece] of pieces.entries()) {
    enterPiece(moves, piece.span.start);
    const won = winners(strategy, piece.matches);
    for (const rule of won) {
      const charge = chargePiece(strategy, input, { ...going, piece, index, rule });
      if (charge !== undefined) charges.push(charge);
    }
    refuseUnpriced(strategy, input, { facts: piece.facts, won, charged: won.length });
  }
  return inDocumentOrder(strategy, charges, ({ line }) => line.line);
}

type ToCharge = Going & {
  readonly piece: Piece;
  readonly index: number;
  readonly rule: RuleOf<'charge'>;
};

function chargePiece(
  strategy: Strategy,
  input: QuoteInput,
  { moves, progress, piece, index, rule }: ToCharge,
): Charge | undefined {
  const { facts } = piece;
  const { line, price: id } = rule.event;
  const prepared = strategy.prepared.prices.get(id);
  if (prepared === undefined) throw new Error(`${rule.name} names the price ${id}, which the check let pass`);
  const plan = prepared.price;
  for (const fact of plan.groupBy) requireFact(facts, fact, id);
  const counted = countedBy(plan, input);
  const price = priceOf(prepared, facts, counted);
  const whole = operandValue(facts, counted, id);
  const share: ToShare = { index, line, counted, byTime: isSharedByTime(plan, counted), whole };
  const part = partOf(progress, share);
  if (part === undefined) return undefined;

  const running = runningOf(plan, facts);
  const now = runningBefore(moves, running);
  if (isMeasuredLate(plan)) {
    const quantity = payPart(progress, share, part, part.quantity);
    const own = { price: id, quantity, usedBefore: now.quantity };
    return { line: { ...plainLine(line, 'measured', rule.name, ZERO), ...own }, piece };
  }
  const bounds = boundsOf(moves, plan, facts);
  const keys = keysOf(moves, { plan, running, line, group: groupOf(plan, facts), counted });
  const before = startOf(price, now, {
    ofUse: progress.counted.get(keys.ofUse),
    ofCounter: progress.counted.get(keys.ofCounter),
  });
  const quantity = payPart(progress, share, part, upToBlockEnd(price, before, part.quantity, bounds));
  const rated = rate(price, before, quantity, bounds);
  const moved = {
    quantity: countedPiece(price, before, quantity),
    events: progress.counted.has(keys.ofCounter) ? ZERO : ONE,
  };
  note(progress, keys.ofUse, { quantity, events: ONE });
  note(progress, keys.ofCounter, { quantity, events: ONE });
  const after = { quantity: plus(now.quantity, moved.quantity), events: plus(now.events, moved.events) };
  countUse(moves, plan, { running, facts, rated: { ...rated, after } });
  const amount = roundedOnLine(progress.money, line, price, rated.charged);
  const usedBefore = plus(before.quantity, before.within ?? ZERO);
  return {
    line: {
      ...{ line, kind: 'charge', price: id, rule: rule.name },
      ...{ quantity, usedBefore, amount, net: amount, shares: rated.shares },
    },
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
  readonly line: string;
  readonly group: string;
  readonly counted: Operand;
};

/** What the pieces of a use have in common that go on from each other: on one line, by what is counted, or where. */
function keysOf(moves: Moves, { plan, running, line, group, counted }: ToKey) {
  const what = counted.kind === 'fact' ? counted.fact : 'uses';
  const window = plan.resets === 'each' ? 'each' : windowNameOf(moves.totals, running, moves.at);
  return { ofUse: `${line} of ${what}${group}`, ofCounter: `${line} in ${window} ${running.key}` };
}

type Counted = { readonly ofUse: Running | undefined; readonly ofCounter: Running | undefined };

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
          quantity: minus(now.quantity, countedUsage(price, ofCounter.quantity)),
          events: minus(now.events, ONE),
        };
  const within = (resets === 'each' || model.kind === 'percentage' ? ofUse : ofCounter)?.quantity;
  return within === undefined ? before : { ...before, within };
}

function note({ counted }: Progress, key: string, more: Running): void {
  const before: Decimal = counted.get(key)?.quantity ?? ZERO;
  counted.set(key, { quantity: plus(before, more.quantity), events: more.events });
}
