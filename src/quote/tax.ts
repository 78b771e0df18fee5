import { plus, sum, times } from '../money/arithmetic.js';
import { type Decimal, HUNDRED, formatDecimal } from '../money/decimal.js';
import { round } from '../money/rounding.js';
import { NOTHING, addFractions, fraction, toDecimal } from '../money/fraction.js';
import type { Strategy } from '../strategy/strategy.js';
import { numberWithin } from './facts.js';
import { type Line, type Tax, concerns } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';

type TaxRule = { readonly rule: RuleOf<'tax'>; readonly percent: Decimal };
type Rounded = { readonly lines: readonly Line[]; readonly places: number };

/**
 * Taxes on rounded lines, never on another tax. Rules with one rate and label are one tax on the bill, rounded once
 * over all their lines; a tax without a line is not on the bill. Included taxes are taken out of the price: gross × percent ÷ (100 + all included percents).
 */
export function taxesOn(
  strategy: Strategy,
  { facts, matches }: Pick<Matched, 'facts' | 'matches'>,
  { lines, places }: Rounded,
): readonly Tax[] {
  const rules = matchesOf(matches, 'tax').map((rule) => ({
    rule,
    percent: numberWithin(facts, rule.event.percent, { rule: rule.name, of: 'tax', range: 'percentage' }),
  }));
  const includedPercent = (line: Line) =>
    sum(
      rules
        .filter(({ rule }) => rule.event.included && concerns(rule.event.of, line))
        .map(({ percent }) => percent),
    );

  return groupByRate(rules).flatMap((group): Tax[] => {
    const { rule, percent } = group[0];
    const { label, included } = rule.event;
    const taxed = lines.filter((line) => group.some((member) => concerns(member.rule.event.of, line)));
    if (taxed.length === 0) return [];
    // Added up as fractions: a sum that is just half a minor unit must not fall below it by a cut quotient.
    const exact = taxed
      .map((line) =>
        fraction(times(line.net, percent), included ? plus(HUNDRED, includedPercent(line)) : HUNDRED),
      )
      .reduce(addFractions, NOTHING);
    return [
      {
        rules: group.map((member) => member.rule.name),
        label,
        percent,
        included,
        base: sum(taxed.map(({ net }) => net)),
        amount: round(toDecimal(exact), places, strategy.rounding),
      },
    ];
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
