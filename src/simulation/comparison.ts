import { absolute, minus, negate, times } from '../money/arithmetic.js';
import { type Decimal, HUNDRED, ZERO, decimal, isZero } from '../money/decimal.js';
import { divide, round } from '../money/rounding.js';
import { type Amounts, addAmount, amountOf } from './amounts.js';
import type { SideTally, Tally } from './tally.js';

/** An amount on both sides. */
export type Comparison = {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly delta: Decimal;
  /** Of the amount before, rounded to two places; undefined where that is 0. */
  readonly percent: Decimal | undefined;
};
export type LineComparison = Comparison & { readonly currency: string; readonly line: string };

function compare(before: Decimal, after: Decimal): Comparison {
  const delta = minus(after, before);
  const percent = isZero(before)
    ? undefined
    : round(divide(times(delta, HUNDRED), absolute(before)), 2, 'half_up');
  return { before, after, delta, percent };
}

/** What all uses came to, by currency; `currencies` are told of even if nothing was charged in them. */
export function compareTotals(
  { before, after }: Tally,
  currencies: readonly string[],
): ReadonlyMap<string, Comparison> {
  return compareAmounts(totalsOf(before), totalsOf(after), currencies);
}

/** What the uses came to that both sides could price. */
export function comparePricedByBoth(
  { before, after }: Tally,
  currencies: readonly string[],
): ReadonlyMap<string, Comparison> {
  return compareAmounts(sharedOf(before), sharedOf(after), currencies);
}

/** What each line came to, by currency and name. */
export function compareLines({ before, after }: Tally): readonly LineComparison[] {
  return sortedUnion([...before.lines.keys(), ...after.lines.keys()]).flatMap((currency) => {
    const [was, is] = [amountsOf(before.lines.get(currency)), amountsOf(after.lines.get(currency))];
    return [...compareAmounts(was, is, [])].map(([line, comparison]) => ({ currency, line, ...comparison }));
  });
}

function compareAmounts(
  before: Amounts,
  after: Amounts,
  names: readonly string[],
): ReadonlyMap<string, Comparison> {
  const all = sortedUnion([...names, ...before.keys(), ...after.keys()]);
  return new Map(all.map((name) => [name, compare(amountOf(before, name), amountOf(after, name))]));
}

function totalsOf({ lines }: SideTally): Amounts {
  const totals: Amounts = new Map();
  for (const [currency, amounts] of lines) {
    addAmount(totals, currency, ZERO);
    for (const text of amounts.values()) addAmount(totals, currency, decimal(text));
  }
  return totals;
}

function sharedOf(side: SideTally): Amounts {
  const totals = totalsOf(side);
  for (const [currency, text] of side.alone) addAmount(totals, currency, negate(decimal(text)));
  return totals;
}

function amountsOf(texts: ReadonlyMap<string, string> | undefined): Amounts {
  return new Map([...(texts ?? [])].map(([name, text]) => [name, decimal(text)]));
}

function sortedUnion(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
