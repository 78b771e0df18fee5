import { minorUnits } from '../money/currency.js';
import { plus, sum } from '../money/arithmetic.js';
import { type Decimal, FRACTION_DIGITS, ZERO } from '../money/decimal.js';
import { round } from '../money/rounding.js';
import type { Strategy } from '../strategy/strategy.js';
import { holdToMaximums, raiseToMinimums } from './bounds.js';
import type { Charge } from './charge.js';
import { takeDiscounts } from './discount.js';
import { currencyOf } from './facts.js';
import type { QuoteInput } from './input.js';
import { type Discount, type Line, type Tax, plainLine } from './line.js';
import type { Matched } from './matched.js';
import { addSurcharges } from './surcharge.js';
import { taxesOn } from './tax.js';

export type Bill = {
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  readonly taxes: readonly Tax[];
  /** Sum of the rounded lines. */
  readonly amount: Decimal;
  readonly total: Decimal;
};

/**
 * A bill over the lines of a statement. Discounts come before surcharges, which are on what discounts have left; bounds
 * hold what is really charged, so they come after both and see lines that are rounded already: filled up to 10,000 yen,
 * or held to them, a bill says 10,000 and not 10,001. Taxes are on rounded lines, since that is what a customer can check.
 */
export function bill(strategy: Strategy, input: QuoteInput, matched: Matched): Bill {
  const places = minorUnits(currencyOf(strategy, matched.facts)) ?? FRACTION_DIGITS;
  const charges = billedLines(strategy, input);
  const discounted = takeDiscounts(matched, charges, places);
  const surcharged = addSurcharges(strategy, matched, { lines: discounted.lines, charges });
  const rounded = (amount: Decimal) => round(amount, places, strategy.rounding);
  const roundLine = (line: Line): Line => ({ ...line, net: rounded(line.net) });
  const bounded = { ...matched, rounded, lines: surcharged.map(roundLine) };
  const raised = raiseToMinimums(strategy, input, bounded);
  const held = holdToMaximums(strategy, input, { ...bounded, lines: raised });
  // Only what a maximum that is finer than the minor unit has cut is not rounded yet.
  const lines = held.lines.map(roundLine);
  const taxes = taxesOn(strategy, matched, { lines, places });

  const amount = sum(lines.map(({ net }) => net));
  const added = sum(taxes.filter(({ included }) => !included).map((tax) => tax.amount));
  return {
    lines,
    discounts: [...discounted.discounts, ...held.discounts],
    taxes,
    amount,
    total: plus(amount, added),
  };
}

/** One line a name, in the order in which the document names them, unknown ones last in the order given. */
function billedLines(strategy: Strategy, { lines }: QuoteInput): readonly Charge[] {
  const amounts = new Map<string, Decimal>();
  for (const { line, amount } of lines) amounts.set(line, plus(amounts.get(line) ?? ZERO, amount));
  const names = [...strategy.lines.filter((line) => amounts.has(line)), ...amounts.keys()];
  return [...new Set(names)].map((name) => ({
    line: plainLine(name, 'billed', '', amounts.get(name) ?? ZERO),
  }));
}
