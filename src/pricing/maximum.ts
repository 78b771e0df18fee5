import { plus } from '../money/arithmetic.js';
import { least } from '../money/compare.js';
import type { Decimal } from '../money/decimal.js';
import { takeUp } from './allowance.js';
import type { Bounds, Price } from './price.js';

/** Money that a price comes to at two points of its running total. */
export type Costs = { readonly before: Decimal; readonly after: Decimal };

/**
 * Holds what a price comes to to its maximum. Without a counter of its own, what was charged before follows from the
 * total, and both ways of counting give the same. What is not known of a counter of its own is taken as if nobody
 * shared it.
 */
export function lessMaximum(price: Price<Decimal>, bounds: Bounds, { before, after }: Costs): Costs {
  const { maximum } = price;
  if (maximum === undefined) return { before, after };
  const shared = maximum.own !== undefined;
  const alone = least(before, maximum.amount);
  const taken = shared ? (bounds.chargedBefore ?? least(alone, bounds.maximumUsed ?? alone)) : alone;
  const allowance = { limit: maximum.amount, used: shared ? (bounds.maximumUsed ?? taken) : taken, taken };
  return { before: taken, after: plus(taken, takeUp(allowance, before, after)) };
}
