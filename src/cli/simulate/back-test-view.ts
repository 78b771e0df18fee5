import { type Decimal, formatDecimal } from '../../money/decimal.js';
import {
  type Comparison,
  compareLines,
  comparePricedByBoth,
  compareTotals,
} from '../../simulation/comparison.js';
import type { Mover, SideTally, Tally } from '../../simulation/tally.js';
import type { UnpricedKind } from '../../simulation/unpriced.js';

/** A back-test as `--json` prints it and as the tables show it. Amounts are exact decimals as text, by currency. */
export type BackTestView = {
  /** Each counted once, also those without a price and those that cannot be read. */
  readonly usages: number;
  /** Uses that came again, which cost nothing. */
  readonly duplicates: number;
  readonly before: ByCurrency;
  readonly after: ByCurrency;
  readonly delta: ByCurrency;
  /** Of the amount before, to two places; null where that is 0. */
  readonly delta_percent: Readonly<Record<string, string | null>>;
  /** Without the uses that only one side can price. */
  readonly priced_by_both: {
    readonly usages: number;
    readonly before: ByCurrency;
    readonly after: ByCurrency;
    readonly delta: ByCurrency;
  };
  /** Each once: whether it pays more or less, in whatever currencies; `unpriced` where nothing that it used has a price. */
  readonly accounts: Tally['accounts'];
  readonly unpriced: { readonly before: UnpricedView; readonly after: UnpricedView };
  /** Uses with a line whose amount is known only when its period closes; it is in no sum. */
  readonly measured: { readonly before: number; readonly after: number };
  readonly lines: readonly LineView[];
  /** Ten in each currency. */
  readonly movers: readonly Mover[];
  readonly from: SideView;
  readonly to: SideView;
  readonly data: DataView;
};

type ByCurrency = Readonly<Record<string, string>>;

export type UnpricedView = {
  readonly usages: number;
  /** The ten most frequent, each with its first use. */
  readonly kinds: readonly UnpricedKind[];
  /** Uses of all other kinds. */
  readonly others: number;
};

export type LineView = {
  readonly line: string;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly delta: string;
  readonly delta_percent: string | null;
};

export type SideView = {
  /** As it was asked for. */
  readonly name: string;
  readonly strategy: string;
  /** Of a published one. */
  readonly revision?: number;
  readonly content_hash: string;
};

export type DataView = {
  readonly file: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Without titles and blank lines. */
  readonly rows: number;
  /** Null: all usage was taken as one account's. */
  readonly account_column: string | null;
  readonly ignored_columns: readonly string[];
};

/** What a back-test does not say of itself. */
export type Origin = Pick<BackTestView, 'from' | 'to'> & {
  /** Of documents that have one whatever is used. */
  readonly currencies: readonly string[];
  readonly data: Omit<DataView, 'rows'>;
};

export function viewBackTest(tally: Tally, { from, to, data, currencies }: Origin): BackTestView {
  const { usages, duplicates, accounts, movers } = tally;
  const totals = compareTotals(tally, currencies);
  const { before, after, delta } = viewAmounts(totals);
  const percents = [...totals].map(([currency, { percent }]) => [currency, textOf(percent)]);
  return {
    ...{ usages, duplicates, before, after, delta },
    delta_percent: Object.fromEntries(percents) as BackTestView['delta_percent'],
    priced_by_both: { usages: tally.pricedByBoth, ...viewAmounts(comparePricedByBoth(tally, currencies)) },
    accounts,
    unpriced: { before: viewUnpriced(tally.before), after: viewUnpriced(tally.after) },
    measured: { before: tally.before.measured, after: tally.after.measured },
    lines: compareLines(tally).map(({ line, currency, percent, ...amounts }) => ({
      ...{ line, currency },
      before: formatDecimal(amounts.before),
      after: formatDecimal(amounts.after),
      delta: formatDecimal(amounts.delta),
      delta_percent: textOf(percent),
    })),
    ...{ movers, from, to },
    data: { ...data, rows: usages + duplicates },
  };
}

function viewAmounts(
  totals: ReadonlyMap<string, Comparison>,
): Pick<BackTestView, 'before' | 'after' | 'delta'> {
  const pick = (side: 'before' | 'after' | 'delta') =>
    Object.fromEntries([...totals].map(([currency, amounts]) => [currency, formatDecimal(amounts[side])]));
  return { before: pick('before'), after: pick('after'), delta: pick('delta') };
}

/** Kinds that are told of. */
const MOST_KINDS = 10;

function viewUnpriced({ unpriced }: SideTally): UnpricedView {
  const sorted = unpriced.toSorted((a, b) => b.usages - a.usages || a.line - b.line);
  const kinds = sorted.slice(0, MOST_KINDS);
  return { usages: sumOf(unpriced), kinds, others: sumOf(sorted.slice(MOST_KINDS)) };
}

function sumOf(kinds: readonly UnpricedKind[]): number {
  return kinds.reduce((sum, { usages }) => sum + usages, 0);
}

function textOf(percent: Decimal | undefined): string | null {
  return percent === undefined ? null : formatDecimal(percent);
}
