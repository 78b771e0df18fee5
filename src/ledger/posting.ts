import { plus } from '../money/arithmetic.js';
import { type Decimal, ZERO, formatDecimal, isZero } from '../money/decimal.js';

/** What goes into a book, or out of it when it is below zero. */
export type Entry = {
  readonly book: string;
  /** A currency, or the unit of a wallet that holds no money. */
  readonly unit: string;
  readonly amount: Decimal;
};

/**
 * The entries of one transaction, as they are. Nothing comes from nowhere: in each unit they sum to zero, and anything
 * else is a fault of the program.
 */
export function balanced(entries: readonly Entry[]): readonly Entry[] {
  const sums = new Map<string, Decimal>();
  for (const { unit, amount } of entries) sums.set(unit, plus(sums.get(unit) ?? ZERO, amount));
  for (const [unit, sum] of sums)
    if (!isZero(sum)) throw new Error(`a ledger transaction is off by ${formatDecimal(sum)} ${unit}`);
  return entries;
}
