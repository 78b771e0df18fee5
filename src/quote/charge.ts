import { minus } from '../money/arithmetic.js';
import { type Decimal, ONE, ZERO, isZero } from '../money/decimal.js';
import type { Fraction } from '../money/fraction.js';
import type { Bounds, Operand, Price, Running, Start } from '../pricing/price.js';
import { rate } from '../pricing/rate.js';
import { resolvePrice } from '../pricing/resolve.js';
import { isMeasuredLate } from '../strategy/read/reads.js';
import type { PreparedPrice } from '../strategy/prepared.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { runningOf } from './counters.js';
import { type Facts, operandValue, requireFact } from './facts.js';
import type { QuoteInput } from './input.js';
import { type Line, inDocumentOrder, plainLine } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';
import { boundsOf, countUse, runningBefore } from './moves.js';
import { refuseUnpriced } from './no-price.js';
import type { Piece } from './pieces/piece.js';
import { WHOLE, periodShare, prorate } from './prorate.js';

/** A line, and how it was priced; a line that came in with a statement has no rating. */
export type Charge = {
  readonly line: Line;
  readonly rating?: Rating;
  /** Which piece of a use that is priced in pieces. */
  readonly piece?: Piece;
};

/** The arguments of the price, so that discounts and explanations compute from the same start. */
export type Rating = {
  readonly price: Price<Decimal>;
  readonly before: Start;
  readonly quantity: Decimal;
  readonly bounds: Bounds;
  /** The share of its period for which a price is due; 1 outside the moment `period`. */
  readonly share: Fraction;
  /** What a piece has moved its running total by; a whole use moves it by its quantity, and is one event. */
  readonly moved?: Running;
};

/** What a part of the quantity would cost from the same start. */
export function costOf({ rating }: Charge, quantity: Decimal): Decimal {
  if (rating === undefined || isZero(quantity)) return ZERO;
  return prorate(rate(rating.price, rating.before, quantity, rating.bounds).amount, rating.share);
}

/** The `charge` rule that wins each line, lines in the order in which the document names them. */
export function winners(strategy: Strategy, matches: Matches): readonly RuleOf<'charge'>[] {
  const byLine = inDocumentOrder(strategy, matchesOf(matches, 'charge'), lineOf);
  // Matches come by rank, so the first of each line is its winner.
  const isFirst = (rule: RuleOf<'charge'>, i: number) => byLine[i - 1]?.event.line !== rule.event.line;
  return byLine.every(isFirst) ? byLine : byLine.filter(isFirst);
}

function lineOf({ event }: RuleOf<'charge'>): string {
  return event.line;
}

/** Prices every line by its winner and moves the counters on. Throws NO_PRICE when something stays without a price. */
export function chargeLines(strategy: Strategy, input: QuoteInput, matched: Matched): readonly Charge[] {
  const won = dueNow(winners(strategy, matched.matches), input);
  const charges = won.map((rule) => chargeLine(strategy, input, { matched, rule }));
  if (input.moment === 'period') charges.push(...closeMeasured(strategy, input, matched));
  // Nothing is the right price of a window in which all was charged as it came and no minimum was missed.
  const closed = closedPrices(strategy, input).length;
  // Nor has a quote of a period that only gives something anything to charge.
  const given =
    input.moment === 'period' && input.due === undefined ? matchesOf(matched.matches, 'grant').length : 0;
  const charged = charges.length + closed + given;
  refuseUnpriced(strategy, input, { facts: matched.facts, won, charged });
  return charges;
}

/** The prices charged use by use of whose windows a quote says how much was used in them, as they close. */
export function closedPrices({ prepared }: Strategy, { moment, due, totals }: QuoteInput): readonly string[] {
  if (moment !== 'period' || due !== undefined || totals.size === 0) return [];
  return prepared.cycles.flatMap(({ minimums }) => minimums.filter((id) => totals.has(id)));
}

/** A price wins its line among all of the moment, also where it is charged at another time than this. */
function dueNow(won: readonly RuleOf<'charge'>[], { due }: QuoteInput): readonly RuleOf<'charge'>[] {
  return due === undefined ? won : won.filter(({ event }) => due.prices.has(event.price));
}

type ToCharge = { readonly matched: Matched; readonly rule: RuleOf<'charge'> };

function chargeLine(strategy: Strategy, input: QuoteInput, { matched, rule }: ToCharge): Charge {
  const { facts, moves } = matched;
  const { line, price: id } = rule.event;
  const prepared = strategy.prepared.prices.get(id);
  if (prepared === undefined) throw new Error(`${rule.name} names the price ${id}, which the check let pass`);
  const plan = prepared.price;
  const closing = input.moment === 'period';
  const late = isMeasuredLate(plan);
  // What was measured was recorded with its group.
  if (!closing || !late) for (const fact of plan.groupBy) requireFact(facts, fact, id);
  const counted = countedBy(plan, input);
  const price = priceOf(prepared, facts, counted);
  const whole = operandValue(facts, counted, id);
  const running = runningOf(plan, facts);
  const before = runningBefore(moves, running);
  const usedBefore = before.quantity;
  if (late && !closing)
    return {
      line: { ...plainLine(line, 'measured', rule.name, ZERO), price: id, quantity: whole, usedBefore },
    };
  const covered = closing ? ZERO : (matched.cover?.(id, whole) ?? ZERO);
  const quantity = minus(whole, covered);
  // What is covered whole does not even enter the first tier, whose fee a use of quantity 0 would cost.
  if (isZero(quantity) && !isZero(covered))
    return { line: { ...plainLine(line, 'charge', rule.name, ZERO), price: id, usedBefore } };

  const bounds = boundsOf(moves, plan, facts);
  // What was measured is what the part of the period that was served has used.
  const share = closing && !late ? periodShare(strategy, input, { price, facts }) : WHOLE;
  const rated = rate(price, before, quantity, bounds);
  countUse(moves, plan, { running, facts, numbers: price, rated });
  const amount = prorate(rated.amount, share);
  return {
    line: {
      line,
      kind: 'charge',
      price: id,
      rule: rule.name,
      quantity,
      usedBefore,
      amount,
      net: amount,
      shares: rated.shares,
    },
    rating: { price, before, quantity, bounds, share },
  };
}

/** What a price counts: the measured total when a period closes; one for each use where uses or values are counted. */
export function countedBy(plan: Price<Operand>, { moment, totals }: QuoteInput): Operand {
  const aggregate = plan.measured?.aggregate;
  if (aggregate === undefined) return plan.quantity;
  if (moment === 'period') return { kind: 'number', value: totals.get(plan.id) ?? ZERO };
  return aggregate === 'count' || aggregate === 'unique' ? { kind: 'number', value: ONE } : plan.quantity;
}

/** The price with the numbers of this use; what it counts of it is told apart, so that a constant price serves all. */
export function priceOf({ price, constant }: PreparedPrice, facts: Facts, quantity: Operand): Price<Decimal> {
  if (constant !== undefined) return constant;
  return resolvePrice({ ...price, quantity }, (fact) =>
    operandValue(facts, { kind: 'fact', fact }, price.id),
  );
}

/**
 * Prices that were measured through the period and that no rule of the moment `period` names: charged on the line of the
 * rule that they were recorded by. Sums and counts were charged as they came.
 */
function closeMeasured(strategy: Strategy, input: QuoteInput, matched: Matched): readonly Charge[] {
  const recording = matchesOf(strategy.rules, 'charge');
  return [...strategy.prices.values()].flatMap((price) => {
    if (!isMeasuredLate(price) || !input.totals.has(price.id)) return [];
    if (input.due?.prices.has(price.id) === false) return [];
    const naming = recording.filter(({ event }) => event.price === price.id);
    const [rule] = naming;
    return rule === undefined || naming.some(({ moment }) => moment === 'period')
      ? []
      : [chargeLine(strategy, input, { matched, rule })];
  });
}
