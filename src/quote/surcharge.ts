import { negate, sum, times } from '../money/arithmetic.js';
import { type Decimal, HUNDRED } from '../money/decimal.js';
import { divide } from '../money/rounding.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Charge } from './charge.js';
import { type Facts, numberWithin } from './facts.js';
import { type Line, inDocumentOrder, plainLine } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';
import { factsOfRule, matchesIn } from './pieces/piece.js';
import { WHOLE, prorate } from './prorate.js';

/**
 * Adds the matching surcharges as lines of their own, each on what discounts have left of the lines that it names; with
 * the lines that take a use back, fixed amounts are taken back too.
 */
export function addSurcharges(
  strategy: Strategy,
  matched: Pick<Matched, 'facts' | 'matches'> & Partial<Matched>,
  { lines, charges }: Charged,
  takesBack = false,
): readonly Line[] {
  let result = lines;
  const pieces = matched.pieces && new Map(lines.map((line, i) => [line, charges[i]?.piece]));
  for (const rule of matchesOf(matched.matches, 'surcharge')) {
    const base = result.filter((line) => isBase(rule, line) && matchesIn(pieces?.get(line), rule));
    if (base.length === 0) continue;
    const number = numberOf(rule, factsOfRule(matched, rule));
    const fixed = prorate(takesBack ? negate(number) : number, matched.fixedShare ?? WHOLE);
    const amount =
      rule.event.by === 'amount'
        ? fixed
        : pieces === undefined
          ? percentOf(number, base)
          : sum(
              base.map((line) => percentOf(numberOf(rule, pieces.get(line)?.facts ?? matched.facts), [line])),
            );
    result = [...result, plainLine(rule.event.line, 'surcharge', rule.name, amount)];
  }
  return inDocumentOrder(strategy, result, ({ line }) => line);
}

/** Lines that discounts have left, each with the charge that it is of. */
type Charged = { readonly lines: readonly Line[]; readonly charges: readonly Charge[] };

function numberOf({ name, event }: RuleOf<'surcharge'>, facts: Facts): Decimal {
  return numberWithin(facts, event.number, { rule: name, of: 'surcharge', range: 'zero_or_more' });
}

/** Without `of` a surcharge is on what was charged, not on other surcharges; by name it may be on an earlier one. */
function isBase({ event }: RuleOf<'surcharge'>, line: Line): boolean {
  if (line.kind === 'measured') return false;
  return event.of === undefined ? line.kind !== 'surcharge' : event.of.includes(line.line);
}

function percentOf(percent: Decimal, base: readonly Line[]): Decimal {
  return divide(times(sum(base.map(({ net }) => net)), percent), HUNDRED);
}
