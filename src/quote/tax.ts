import { type Decimal, HUNDRED, formatDecimal, round, sum } from '../money/decimal.js';
import { fraction, toDecimal } from '../money/fraction.js';
import type { Strategy } from '../strategy/strategy.js';
import { operandValue } from './facts.js';
import { type Line, type Tax, concerns } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';

type TaxRule = { readonly rule: RuleOf<'tax'>; readonly percent: Decimal };
type Rounded = { readonly lines: readonly Line[]; readonly places: number };

/**
 * Taxes on rounded lines, never on another tax. Rules with one rate and label are one tax on the bill, rounded once
 * over all their lines. Included taxes are taken out of the price: gross × percent ÷ (100 + all included percents).
 */
export function taxesOn(
  strategy: Strategy,
  { facts, matches }: Pick<Matched, 'facts' | 'matches'>,
  { lines, places }: Rounded,
): readonly Tax[] {
  const rules = matchesOf(matches, 'tax').map((rule) => ({
    rule,
    percent: operandValue(facts, rule.event.percent, rule.name),
  }));
  const includedPercent = (line: Line) =>
    sum(
      rules
        .filter(({ rule }) => rule.event.included && concerns(rule.event.of, line))
        .map(({ percent }) => percent),
    );

  return groupByRate(rules).map((group) => {
    const { rule, percent } = group[0];
    const { label, included } = rule.event;
    const taxed = lines.filter((line) => group.some((member) => concerns(member.rule.event.of, line)));
    const exact = taxed.map((line) => {
      const whole = included ? HUNDRED.plus(includedPercent(line)) : HUNDRED;
      return toDecimal(fraction(line.net.mul(percent), whole));
    });
    return {
      rules: group.map((member) => member.rule.name),
      label,
      percent,
      included,
      base: sum(taxed.map(({ net }) => net)),
      amount: round(sum(exact), places, strategy.rounding),
    };
  });
}

/** Tax rules by rate, label and whether they are included, in the order of the first of each. */
function groupByRate(rules: readonly TaxRule[]): readonly (readonly [TaxRule, ...TaxRule[]])[] {
  const groups = new Map<string, [TaxRule, ...TaxRule[]]>();
  for (const tax of rules) {
    const key = JSON.stringify([formatDecimal(tax.percent), tax.rule.event.label, tax.rule.event.included]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tax]);
    else group.push(tax);
  }
  return [...groups.values()];
}
