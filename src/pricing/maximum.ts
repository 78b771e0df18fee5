import { type Decimal, ZERO, greatest, least } from '../money/decimal.js';
import type { Bounds, Price } from './price.js';

/** What a price costs in its window at two points of its running total. */
export type Cost = { readonly before: Decimal; readonly after: Decimal };

/**
 * Holds a cost to the maximum of its price. What a usage adds is charged while the counter has room; what one takes away
 * comes first from what the maximum had held back. Without a counter of its own, what was charged before follows from
 * the total itself, and both ways of counting give the same.
 */
export function lessMaximum(price: Price<Decimal>, bounds: Bounds, cost: Cost): Cost {
  const { maximum } = price;
  if (maximum === undefined) return cost;
  const limit = maximum.own === undefined ? maximum.amount : (bounds.maximumUsed ?? ZERO);
  const before =
    maximum.own === undefined
      ? least(cost.before, limit)
      : (bounds.chargedBefore ?? least(cost.before, limit));
  const used = maximum.own === undefined ? before : limit;
  const room = greatest(maximum.amount.minus(used), ZERO);
  const change = cost.after.minus(cost.before);
  const charged = change.isNegative() ? least(cost.after.minus(before), ZERO) : least(change, room);
  return { before, after: before.plus(charged) };
}
