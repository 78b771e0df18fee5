import { plus, times } from '../../money/arithmetic.js';
import { greaterThan } from '../../money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal, toNumber } from '../../money/decimal.js';
import { round, wholeQuotient } from '../../money/rounding.js';
import { SECOND, formatInstant } from '../../time/instant.js';
import { left, right, table } from '../table.js';
import type { PricedUsage } from './price-usage.js';

const QUARTER = 900n * SECOND;
const WIDEST_BAR = 30;

type Cell = {
  readonly quarter: bigint;
  readonly model: string;
  calls: number;
  tokens: Decimal;
  revenue: Decimal;
};

/** Revenue by quarter of an hour and model, while calls are priced. */
export type Revenue = { readonly cells: Map<string, Cell>; calls: number; total: Decimal };

export function noRevenue(): Revenue {
  return { cells: new Map(), calls: 0, total: ZERO };
}

export function addRevenue(revenue: Revenue, { usage, amount }: PricedUsage): void {
  const quarter = usage.at / QUARTER;
  const key = `${quarter} ${usage.model}`;
  const cell = revenue.cells.get(key) ?? {
    quarter,
    model: usage.model,
    calls: 0,
    tokens: ZERO,
    revenue: ZERO,
  };
  cell.calls += 1;
  cell.tokens = plus(plus(cell.tokens, usage.input), usage.output);
  cell.revenue = plus(cell.revenue, amount);
  revenue.cells.set(key, cell);
  revenue.calls += 1;
  revenue.total = plus(revenue.total, amount);
}

/** The table with a bar a row; the longest bar is the largest revenue. */
export function revenueTable({ cells }: Revenue): string {
  const rows = [...cells.values()].sort((a, b) =>
    a.quarter === b.quarter ? a.model.localeCompare(b.model) : a.quarter < b.quarter ? -1 : 1,
  );
  const largest = rows.reduce((most, { revenue }) => (greaterThan(revenue, most) ? revenue : most), ZERO);
  return table(
    [left('from (UTC)'), left('model'), right('calls'), right('tokens'), right('USD'), left('')],
    rows.map(({ quarter, model, calls, tokens, revenue }) => [
      formatInstant(quarter * QUARTER)
        .slice(0, 16)
        .replace('T', ' '),
      model,
      calls.toLocaleString('en'),
      BigInt(formatDecimal(tokens)).toLocaleString('en'),
      fourPlaces(revenue),
      bar(revenue, largest),
    ]),
  );
}

function fourPlaces(value: Decimal): string {
  const [whole = '', fraction = ''] = formatDecimal(round(value, 4, 'half_even')).split('.');
  return `${whole}.${fraction.padEnd(4, '0')}`;
}

function bar(value: Decimal, largest: Decimal): string {
  if (!greaterThan(largest, ZERO)) return '';
  return '█'.repeat(toNumber(wholeQuotient(times(value, decimal(WIDEST_BAR)), largest)));
}
