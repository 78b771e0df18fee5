import { allocate } from '../money/allocation.js';
import {
  type Decimal,
  FRACTION_DIGITS,
  HUNDRED,
  ZERO,
  divide,
  greatest,
  least,
  sum,
} from '../money/decimal.js';
import type { RuleEvent } from '../strategy/strategy.js';
import { type Charge, costOf } from './charge.js';
import { type Facts, invalidFacts, operandValue } from './facts.js';
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
    if (loss.isZero()) continue;
    standing.net = standing.net.minus(loss);
    taken.set(standing.charge.line.line, loss);
  }
  return taken;
}

function lossesOf(by: Kind, number: Decimal, { concerned, places }: Target): readonly Decimal[] {
  switch (by) {
    case 'free_quantity':
      return freeUnits(number, concerned);
    case 'percent':
      return concerned.map(({ net }) => divide(net.mul(number), HUNDRED));
    case 'amount':
      return sharedAmount(number, concerned, places);
  }
}

/** Free units come off the bottom, line after line until they are used up: P(t + freed + free) − P(t + freed). */
function freeUnits(free: Decimal, concerned: readonly Standing[]): readonly Decimal[] {
  let left = free;
  return concerned.map((standing) => {
    const { charge, freed } = standing;
    const units = least(left, greatest(charge.line.quantity.minus(freed), ZERO));
    left = left.minus(units);
    standing.freed = freed.plus(units);
    // A quantity that is rounded by itself costs more than the units that it is: never more than there is to take.
    return least(costOf(charge, standing.freed).minus(costOf(charge, freed)), standing.net);
  });
}

/** A fixed amount, in proportion to what the lines have left and never more than that. */
function sharedAmount(amount: Decimal, concerned: readonly Standing[], places: number): readonly Decimal[] {
  const weights = concerned.map(({ net }) => greatest(net, ZERO));
  const all = sum(weights);
  if (all.isZero()) return weights;
  return amount.gte(all) ? weights : allocate(amount, weights, places);
}

function numberOf(rule: DiscountRule, facts: Facts): Decimal {
  const value = operandValue(facts, rule.event.number, rule.name);
  if (value.isNegative() || (rule.event.by === 'percent' && value.gt(HUNDRED))) {
    const range = rule.event.by === 'percent' ? 'between 0 and 100' : '0 or more';
    throw invalidFacts([
      {
        field: `rules.${rule.name}`,
        description: `the discount came out as ${value.toFixed()}; it must be ${range}`,
      },
    ]);
  }
  return value;
}
