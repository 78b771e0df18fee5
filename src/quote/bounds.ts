import { minus, plus, sum, times } from '../money/arithmetic.js';
import { greaterThan, greatest, least } from '../money/compare.js';
import { type Decimal, ONE, ZERO, isZero } from '../money/decimal.js';
import type { Strategy } from '../strategy/strategy.js';
import { shareOf } from '../time/proration.js';
import { periodOf, servedOf } from './built-in.js';
import { numberWithin } from './facts.js';
import type { QuoteInput } from './input.js';
import { type Discount, type Line, concerns, plainLine } from './line.js';
import { prorate } from './prorate.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';

type BoundRule = RuleOf<'minimum'> | RuleOf<'maximum'>;
type Bounded = Pick<Matched, 'facts' | 'matches'> & {
  /** What discounts have left of them is rounded. */
  readonly lines: readonly Line[];
  /** Rounds to the minor unit of the bill. */
  readonly rounded: (amount: Decimal) => Decimal;
};

/**
 * Adds what a bill falls short of its minimums, as lines of their own. With an overage factor a commitment is prepaid:
 * what goes beyond it is due times the factor, so the added amount may be below zero.
 */
export function raiseToMinimums(strategy: Strategy, input: QuoteInput, bounded: Bounded): readonly Line[] {
  let lines = bounded.lines;
  for (const rule of matchesOf(bounded.matches, 'minimum')) {
    const minimum = boundOf(strategy, input, bounded, rule);
    const reached = measured(rule, lines, bounded);
    const factor =
      rule.event.overageFactor === undefined
        ? ONE
        : numberWithin(bounded.facts, rule.event.overageFactor, {
            rule: rule.name,
            of: 'overage factor',
            range: 'above_zero',
          });
    const due = greatest(minimum, plus(minimum, times(minus(reached, minimum), factor)));
    const added = bounded.rounded(minus(due, reached));
    if (!isZero(added)) lines = [...lines, plainLine(rule.event.label, 'minimum', rule.name, added)];
  }
  return lines;
}

/** Takes what goes over a maximum off its lines, from the last line first. */
export function holdToMaximums(
  strategy: Strategy,
  input: QuoteInput,
  bounded: Bounded,
): { readonly lines: readonly Line[]; readonly discounts: readonly Discount[] } {
  let lines = bounded.lines;
  const discounts: Discount[] = [];
  for (const rule of matchesOf(bounded.matches, 'maximum')) {
    const over = minus(measured(rule, lines, bounded), boundOf(strategy, input, bounded, rule));
    if (!greaterThan(over, ZERO)) continue;
    const cut = cutFromLast(rule, lines, over);
    lines = cut.lines;
    discounts.push({
      kind: 'maximum',
      rule: rule.name,
      label: rule.event.label,
      amount: sum(cut.losses.values()),
      lines: cut.losses,
    });
  }
  return { lines, discounts };
}

function cutFromLast(
  rule: BoundRule,
  lines: readonly Line[],
  over: Decimal,
): { lines: readonly Line[]; losses: ReadonlyMap<string, Decimal> } {
  let left = over;
  const losses = new Map<string, Decimal>();
  const cut = lines.toReversed().map((line) => {
    const loss = concerns(rule.event.of, line) ? least(left, greatest(line.net, ZERO)) : ZERO;
    if (isZero(loss)) return line;
    left = minus(left, loss);
    // A line may stand there twice: a minimum can have the label of another, or the name of a line.
    losses.set(line.line, plus(loss, losses.get(line.line) ?? ZERO));
    return { ...line, net: minus(line.net, loss) };
  });
  return { lines: cut.toReversed(), losses };
}

function measured({ event }: BoundRule, lines: readonly Line[], { rounded }: Bounded): Decimal {
  const concerned = lines.filter((line) => concerns(event.of, line));
  return sum(concerned.map(({ amount, net }) => (event.measure === 'gross' ? rounded(amount) : net)));
}

function boundOf(strategy: Strategy, input: QuoteInput, { facts }: Bounded, rule: BoundRule): Decimal {
  const amount = numberWithin(facts, rule.event.amount, {
    rule: rule.name,
    of: rule.event.type,
    range: 'zero_or_more',
  });
  const period = periodOf(strategy, input, facts.occurredAt);
  if (rule.event.prorate === 'none' || period === undefined) return amount;
  return prorate(amount, shareOf(servedOf(period, input), period, 'days', strategy.timeZone));
}
