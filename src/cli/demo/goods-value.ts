import { RatebookError } from '../../errors/error.js';

/** What a customer's lines come to, in pennies. */
export type Purchases = { readonly bought: bigint; readonly cancelled: bigint };

/** What the invoice lines of a file come to, in pennies. */
export type GoodsValue = {
  readonly lines: number;
  /** Lines that are the same as one before them, to the letter. */
  readonly repeated: number;
  /** Of lines that name a customer, by customer. */
  readonly customers: ReadonlyMap<string, Purchases>;
  /** Of all lines. */
  readonly total: bigint;
};

/** The end of a line: quantity, time, price, customer and country. Only the description before them may hold commas. */
const LINE = /,(?<quantity>-?\d+),[^,]+,(?<pounds>\d+)(?:\.(?<pence>\d{1,2}))?,(?<customer>[^,]*),[^,]*$/;

/**
 * What the lines must come to, computed apart from everything else here: quantities times prices in whole pennies, from
 * lines that are read from their end. No reader of CSV, no rules engine, no decimals.
 */
export function goodsValue(name: string, text: string): GoodsValue {
  const customers = new Map<string, Purchases>();
  let total = 0n;
  const lines = text.trimEnd().split(/\r?\n/).slice(1);
  for (const line of lines) {
    const { quantity, pounds, pence = '', customer = '' } = LINE.exec(line)?.groups ?? {};
    if (quantity === undefined || pounds === undefined)
      throw new RatebookError('INVALID_REQUEST', `${name} has a line that is none of an invoice: ${line}`);
    const value = BigInt(quantity) * BigInt(pounds + pence.padEnd(2, '0'));
    total += value;
    if (customer === '') continue;
    const { bought, cancelled } = customers.get(customer) ?? { bought: 0n, cancelled: 0n };
    customers.set(
      customer,
      value < 0n ? { bought, cancelled: cancelled - value } : { bought: bought + value, cancelled },
    );
  }
  return { lines: lines.length, repeated: lines.length - new Set(lines).size, customers, total };
}

/** What lines that name a customer come to. */
export function knownValue({ customers }: GoodsValue): bigint {
  return [...customers.values()].reduce((sum, { bought, cancelled }) => sum + bought - cancelled, 0n);
}

/** The files of all days as one. */
export function addValues(values: readonly GoodsValue[]): GoodsValue {
  const customers = new Map<string, Purchases>();
  for (const [customer, { bought, cancelled }] of values.flatMap((value) => [...value.customers])) {
    const before = customers.get(customer) ?? { bought: 0n, cancelled: 0n };
    customers.set(customer, { bought: before.bought + bought, cancelled: before.cancelled + cancelled });
  }
  return {
    lines: values.reduce((sum, { lines }) => sum + lines, 0),
    repeated: values.reduce((sum, { repeated }) => sum + repeated, 0),
    customers,
    total: values.reduce((sum, { total }) => sum + total, 0n),
  };
}
