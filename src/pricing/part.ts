import type { Decimal } from '../money/decimal.js';
import { type Fraction, NOTHING, addFractions, toDecimal } from '../money/fraction.js';
import type { Share } from './price.js';

/** What one tier adds to the total price of so many units, before the division. A price without tiers has one part. */
export type Part = Omit<Share, 'amount'> & { readonly cost: Fraction };

/**
 * The price of the first part, of the first two, and so on; the last is the total. Shares are taken as differences of
 * these: so they add up to the total exactly, even where a quotient does not end and had to be cut.
 */
export function cumulate(parts: readonly Part[]): readonly Decimal[] {
  let sum = NOTHING;
  return parts.map((part) => {
    sum = addFractions(sum, part.cost);
    return toDecimal(sum);
  });
}
