import { type Decimal, ONE, ZERO, isZero } from '../money/decimal.js';
import type { Fraction } from '../money/fraction.js';
import type { Bounds, Operand, Price, Running } from '../pricing/price.js';
import { rate } from '../pricing/rate.js';
import { resolvePrice } from '../pricing/resolve.js';
import { isMeasuredLate } from '../strategy/read/reads.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { type Facts, operandValue, requireFact } from './facts.js';
import type { QuoteInput } from './input.js';
import { type Line, plainLine } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';
import { refuseUnpriced } from './no-price.js';
import { WHOLE, periodShare, prorate } from './prorate.js';
import { type Totals, boundsOf, countUse, eventsUsed, unitsUsed } from './totals.js';

/** A line, and how it was priced; a line that came in with a statement has no rating. */
export type Charge = { readonly line: Line; readonly rating?: Rating };

/** The arguments of the price, so that discounts and explanations compute from the same start. */
export type Rating = {
  readonly price: Price<Decimal>;
  readonly before: Running;
  readonly quantity: Decimal;
  readonly bounds: Bounds;
  /** The share of its period for which a price is due; 1 outside the moment `period`. */
  readonly share: Fraction;
};

/** What a part of the quantity would cost from the same start. */
export function costOf({ rating }: Charge, quantity: Decimal): Decimal {
  if (rating === undefined || isZero(quantity)) return ZERO;
  return prorate(rate(rating.price, rating.before, quantity, rating.bounds).amount, rating.share);
}

/** The `charge` rule that wins each line, lines in the order in which the document names them. */
function winners(strategy: Strategy, matches: Matches): readonly RuleOf<'charge'>[] {
  const winnerOf = new Map<string, RuleOf<'charge'>>();
  for (const rule of matchesOf(matches, 'charge')) {
    if (!winnerOf.has(rule.event.line)) winnerOf.set(rule.event.line, rule);
  }
  return strategy.lines.flatMap((line) => winnerOf.get(line) ?? []);
}

/** Prices every line by its winner and moves the counters on. Throws NO_PRICE when something stays without a price. */
export function chargeLines(strategy: Strategy, input: QuoteInput, matched: Matched): readonly Charge[] {
  const won = winners(strategy, matched.matches);
  const charges = won.map((rule) => chargeLine(strategy, input, { ...matched, rule }));
  const closing = input.moment === 'period' ? closeMeasured(strategy, input, matched) : [];
  refuseUnpriced(strategy, input, { facts: matched.facts, won, charged: charges.length + closing.length });
  return [...charges, ...closing];
}

type ToCharge = { readonly facts: Facts; readonly totals: Totals; readonly rule: RuleOf<'charge'> };

function chargeLine(strategy: Strategy, input: QuoteInput, { facts, totals, rule }: ToCharge): Charge {
  const { line, price: id } = rule.event;
  const plan = strategy.prices.get(id);
  if (plan === undefined) throw new Error(`${rule.name} names the price ${id}, which the check let pass`);
  const closing = input.moment === 'period';
  const late = isMeasuredLate(plan);
  // What was measured was recorded with its group.
  if (!closing || !late) for (const fact of plan.groupBy) requireFact(facts, fact, id);
  const price = resolvePrice(countedBy(plan, input), (fact) =>
    operandValue(facts, { kind: 'fact', fact }, id),
  );
  const { quantity } = price;

  const before = { quantity: unitsUsed(totals, plan, facts), events: eventsUsed(totals, plan, facts) };
  const at = { line, price: id, rule: rule.name, quantity, usedBefore: before.quantity };
  if (late && !closing) return { line: { ...plainLine(line, 'measured', rule.name, ZERO), ...at } };

  const bounds = boundsOf(totals, plan, facts);
  // What was measured is what the part of the period that was served has used.
  const share = closing && !late ? periodShare(strategy, input, { price, facts }) : WHOLE;
  const rated = rate(price, before, quantity, bounds);
  countUse(totals, plan, { facts, rated });
  const amount = prorate(rated.amount, share);
  const charged: Line = { ...at, kind: 'charge', amount, net: amount, shares: rated.shares };
  return { line: charged, rating: { price, before, quantity, bounds, share } };
}

/** The price with what it counts: the measured total when a period closes; one for each use where uses or values are counted. */
function countedBy(plan: Price<Operand>, { moment, totals }: QuoteInput): Price<Operand> {
  const aggregate = plan.measured?.aggregate;
  if (aggregate === undefined) return plan;
  if (moment === 'period')
    return { ...plan, quantity: { kind: 'number', value: totals.get(plan.id) ?? ZERO } };
  const counts = aggregate === 'count' || aggregate === 'unique';
  return counts ? { ...plan, quantity: { kind: 'number', value: ONE } } : plan;
}

/**
 * Prices that were measured through the period and that no rule of the moment `period` names: charged on the line of the
 * rule that they were recorded by. Sums and counts were charged as they came.
 */
function closeMeasured(strategy: Strategy, input: QuoteInput, matched: Matched): readonly Charge[] {
  const recording = matchesOf(strategy.rules, 'charge');
  return [...strategy.prices.values()].flatMap((price) => {
    if (!isMeasuredLate(price) || !input.totals.has(price.id)) return [];
    const naming = recording.filter(({ event }) => event.price === price.id);
    const [rule] = naming;
    return rule === undefined || naming.some(({ moment }) => moment === 'period')
      ? []
      : [chargeLine(strategy, input, { ...matched, rule })];
  });
}
