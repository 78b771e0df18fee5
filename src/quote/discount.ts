import { allocate } from '../money/allocation.js';
import { minus, plus, sum, times } from '../money/arithmetic.js';
import { atLeast, greatest, least } from '../money/compare.js';
import { type Decimal, FRACTION_DIGITS, HUNDRED, ZERO, isNegative, isZero } from '../money/decimal.js';
import { divide } from '../money/rounding.js';
import type { RuleEvent } from '../strategy/strategy.js';
import { type Charge, costOf } from './charge.js';
import { type Facts, numberWithin } from './facts.js';
import { type Discount, type Line, concerns } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';

type DiscountRule = RuleOf<'discount'>;
type Kind = Extract<RuleEvent, { type: 'discount' }>['by'];

/** Free units first, since they change what percentages are taken of; fixed amounts last, so that they are not reduced. */
const ORDER: readonly Kind[] = ['free_quantity', 'percent', 'amount'];

/** What one line is left with, on the way. */
type Standing = { readonly charge: Charge; net: Decimal; /** Units made free so far. */ freed: Decimal };

/**
 * Takes the matching discounts off the lines: by kind, within a kind by priority and file order. `places` is how finely
 * a shared amount is split: the minor unit on a bill, 18 digits before it.
 */
export function takeDiscounts(
  { facts, matches }: Pick<Matched, 'facts' | 'matches'>,
  charges: readonly Charge[],
  places: number = FRACTION_DIGITS,
): { readonly lines: readonly Line[]; readonly discounts: readonly Discount[] } {
  const rules = matchesOf(matches, 'discount');
  const standings = charges.map((charge): Standing => ({ charge, net: charge.line.amount, freed: ZERO }));
  const discounts: Discount[] = [];
  for (const kind of ORDER) {
    for (const rule of rules.filter(({ event }) => event.by === kind)) {
      const concerned = standings.filter(({ charge }) => applies(rule, rules, charge.line));
      const taken = takeOff(rule, facts, { concerned, places });
      if (taken.size > 0)
        discounts.push({
          kind,
          rule: rule.name,
          label: rule.event.label,
          amount: sum(taken.values()),
          lines: taken,
        });
    }
  }
  return { lines: standings.map(({ charge, net }) => ({ ...charge.line, net })), discounts };
}

/** An exclusive discount keeps all others off its lines; of several exclusive ones the first, by priority, stays. */
function applies(rule: DiscountRule, rules: readonly DiscountRule[], line: Line): boolean {
  if (line.kind === 'measured' || !concerns(rule.event.of, line)) return false;
  const exclusive = rules.find(({ event }) => event.exclusive && concerns(event.of, line));
  return exclusive === undefined || exclusive === rule;
}

type Target = { readonly concerned: readonly Standing[]; readonly places: number };

/** Takes one discount off its lines and says what each lost; a line that loses nothing is not listed. */
function takeOff(
  rule: DiscountRule,
  facts: Facts,
  { concerned, places }: Target,
): ReadonlyMap<string, Decimal> {
  const number = numberOf(rule, facts);
  const losses = lossesOf(rule.event.by, number, { concerned, places });
  const taken = new Map<string, Decimal>();
  for (const [i, standing] of concerned.entries()) {
    const loss = losses[i] ?? ZERO;
    if (isZero(loss)) continue;
    standing.net = minus(standing.net, loss);
    const { line } = standing.charge.line;
    // What was measured may close on a line that has a charge already.
    taken.set(line, plus(loss, taken.get(line) ?? ZERO));
  }
  return taken;
}

function lossesOf(by: Kind, number: Decimal, { concerned, places }: Target): readonly Decimal[] {
  switch (by) {
    case 'free_quantity':
      return freeUnits(number, concerned);
    case 'percent':
      return concerned.map(({ net }) => divide(times(net, number), HUNDRED));
    case 'amount':
      return sharedAmount(number, concerned, places);
  }
}

/** Free units come off the bottom, line after line until they are used up: P(t + freed + free) − P(t + freed). */
function freeUnits(free: Decimal, concerned: readonly Standing[]): readonly Decimal[] {
  let left = free;
  return concerned.map((standing) => {
    const { charge, freed } = standing;
    const units = least(left, greatest(minus(charge.line.quantity, freed), ZERO));
    left = minus(left, units);
    standing.freed = plus(freed, units);
    return towardsZero(minus(costOf(charge, standing.freed), costOf(charge, freed)), standing.net);
  });
}

/** Where a cheaper tier prices all units, the free ones may cost more than all of them, or less than nothing. */
function towardsZero(loss: Decimal, net: Decimal): Decimal {
  return isNegative(net) ? greatest(least(loss, ZERO), net) : least(greatest(loss, ZERO), net);
}

/** A fixed amount, in proportion to what the lines have left and never more than that. */
function sharedAmount(amount: Decimal, concerned: readonly Standing[], places: number): readonly Decimal[] {
  const weights = concerned.map(({ net }) => greatest(net, ZERO));
  const all = sum(weights);
  if (isZero(all)) return weights;
  return atLeast(amount, all) ? weights : heldTo(weights, allocate(amount, weights, places));
}

/** Lines may be finer than the unit by which an amount is split: what is too much for one goes to the others. */
function heldTo(limits: readonly Decimal[], parts: readonly Decimal[]): readonly Decimal[] {
  const held = parts.map((part, i) => least(part, limits[i] ?? ZERO));
  let left = minus(sum(parts), sum(held));
  return held.map((part, i) => {
    const more = least(left, minus(limits[i] ?? ZERO, part));
    left = minus(left, more);
    return plus(part, more);
  });
}

function numberOf({ name, event }: DiscountRule, facts: Facts): Decimal {
  const range = event.by === 'percent' ? 'percentage' : 'zero_or_more';
  return numberWithin(facts, event.number, { rule: name, of: 'discount', range });
}
