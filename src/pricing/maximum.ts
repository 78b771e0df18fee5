import { type Decimal, ZERO, least } from '../money/decimal.js';
import { takeUp } from './allowance.js';
import type { Bounds, Price } from './price.js';

/** Money that a price comes to at two points of its running total. */
export type Costs = { readonly before: Decimal; readonly after: Decimal };

/**
 * Holds what a price comes to to its maximum. Without a counter of its own, what was charged before follows from the
 * total, and both ways of counting give the same.
 */
export function lessMaximum(price: Price<Decimal>, bounds: Bounds, { before, after }: Costs): Costs {
  const { maximum } = price;
  if (maximum === undefined) return { before, after };
  const shared = maximum.own !== undefined;
  const counted = bounds.maximumUsed ?? ZERO;
  const taken = shared ? (bounds.chargedBefore ?? least(before, counted)) : least(before, maximum.amount);
  const allowance = { limit: maximum.amount, used: shared ? counted : taken, taken };
  return { before: taken, after: taken.plus(takeUp(allowance, before, after)) };
}
