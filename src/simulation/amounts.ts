import { plus } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';

/** Exact sums by a name: a currency, or a line. */
export type Amounts = Map<string, Decimal>;

export function addAmount(amounts: Amounts, name: string, amount: Decimal): void {
  const known = amounts.get(name);
  amounts.set(name, known === undefined ? amount : plus(known, amount));
}

export function amountOf(amounts: ReadonlyMap<string, Decimal> | undefined, name: string): Decimal {
  return amounts?.get(name) ?? ZERO;
}
