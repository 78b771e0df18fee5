import { type Decimal, ZERO } from '../money/decimal.js';
import { type Fraction, NOTHING, addFractions, toDecimal } from '../money/fraction.js';
import type { Share } from './price.js';

/** What one tier adds to the total price of so many units, before the division. A price without tiers has one part. */
export type Part = Omit<Share, 'amount'> & { readonly cost: Fraction };

/** A total price and how it grows: the price of the first part, of the first two, and so on. */
export type Cost = {
  readonly parts: readonly Part[];
  readonly sums: readonly Decimal[];
  readonly total: Decimal;
};

/**
 * Adds up parts, dividing last. Shares are taken as differences of the sums: so they add up to the total exactly, even
 * where a quotient does not end and had to be cut.
 */
export function costOf(parts: readonly Part[]): Cost {
  let sum = NOTHING;
  const sums = parts.map(({ cost }) => {
    sum = addFractions(sum, cost);
    return toDecimal(sum);
  });
  return { parts, sums, total: sums.at(-1) ?? ZERO };
}
