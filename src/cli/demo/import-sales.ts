import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Decimal, ZERO } from '../../money/decimal.js';
import { importFile } from '../import/import-file.js';
import type { Terminal } from '../terminal.js';
import { type GoodsValue, goodsValue } from './goods-value.js';

/** The strategy, and the subscriptions to it. */
export const SHOP = 'online-shop';

/** Files of invoice lines, one a day, the service that they go to, and a folder for lists of rejected lines. */
export type ToImport = {
  readonly address: string;
  readonly files: readonly string[];
  readonly folder: string;
};

/** What importing a file came to, and what its lines must come to. */
export type Day = {
  readonly day: string;
  readonly rated: number;
  readonly duplicate: number;
  /** How many lines were rejected for which reason. */
  readonly rejected: ReadonlyMap<string, number>;
  readonly amount: Decimal;
  readonly value: GoodsValue;
};

/** As `--map` says it. */
const COLUMNS = new Map([
  ['account', 'CustomerID'],
  ['occurred_at', 'InvoiceDate'],
  ['stock_code', 'StockCode'],
  ['quantity', 'Quantity'],
  ['unit_price', 'UnitPrice'],
]);

/** Imports the files one after the other, as `ratebook usage import --create-accounts` does. */
export async function importSales(
  { address, files, folder }: ToImport,
  terminal: Terminal,
): Promise<readonly Day[]> {
  const days: Day[] = [];
  for (const file of files) {
    const day = basename(file, '.csv');
    const how = {
      server: address,
      strategy: SHOP,
      createAccounts: true,
      map: COLUMNS,
      zone: 'Europe/London',
      rejected: join(folder, `${day}.rejected.csv`),
    } as const;
    const { tally } = await importFile(file, how, terminal);
    const { rated, duplicate, amount } = tally;
    const rejected = tally.rejected === 0 ? new Map<string, number>() : await reasonsIn(how.rejected);
    const value = goodsValue(file, await readFile(file, 'utf8'));
    days.push({ day, rated, duplicate, rejected, amount: amount.get('GBP') ?? ZERO, value });
  }
  return days;
}

async function reasonsIn(list: string): Promise<ReadonlyMap<string, number>> {
  const reasons = new Map<string, number>();
  for (const [, why = ''] of (await readFile(list, 'utf8')).matchAll(/^\d+,[A-Z_]+,"(.*)"$/gm))
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  return reasons;
}
