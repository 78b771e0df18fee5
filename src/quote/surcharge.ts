import { negate, sum, times } from '../money/arithmetic.js';
import { type Decimal, HUNDRED } from '../money/decimal.js';
import { divide } from '../money/rounding.js';
import type { Strategy } from '../strategy/strategy.js';
import { numberWithin } from './facts.js';
import { type Line, inDocumentOrder, plainLine } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';
import { WHOLE, prorate } from './prorate.js';

/**
 * Adds the matching surcharges as lines of their own, each on what discounts have left of the lines that it names; with
 * the lines that take a use back, fixed amounts are taken back too.
 */
export function addSurcharges(
  strategy: Strategy,
  { facts, matches, fixedShare = WHOLE }: Pick<Matched, 'facts' | 'matches'> & Partial<Matched>,
  lines: readonly Line[],
  takesBack = false,
): readonly Line[] {
  let result = lines;
  for (const rule of matchesOf(matches, 'surcharge')) {
    const base = result.filter((line) => isBase(rule, line));
    if (base.length === 0) continue;
    const number = numberWithin(facts, rule.event.number, {
      rule: rule.name,
      of: 'surcharge',
      range: 'zero_or_more',
    });
    const fixed = prorate(takesBack ? negate(number) : number, fixedShare);
    const amount = rule.event.by === 'amount' ? fixed : percentOf(number, base);
    result = [...result, plainLine(rule.event.line, 'surcharge', rule.name, amount)];
  }
  return inDocumentOrder(strategy, result, ({ line }) => line);
}

/** Without `of` a surcharge is on what was charged, not on other surcharges; by name it may be on an earlier one. */
function isBase({ event }: RuleOf<'surcharge'>, line: Line): boolean {
  if (line.kind === 'measured') return false;
  return event.of === undefined ? line.kind !== 'surcharge' : event.of.includes(line.line);
}

function percentOf(percent: Decimal, base: readonly Line[]): Decimal {
  return divide(times(sum(base.map(({ net }) => net)), percent), HUNDRED);
}
