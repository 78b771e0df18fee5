import { type Decimal, ZERO, greatest, least } from '../money/decimal.js';
import type { Bounds, Price } from './price.js';

/** Money that a price comes to in its window at two points of its running total. */
export type Change = { readonly before: Decimal; readonly after: Decimal };

/**
 * Holds a cost to the maximum of its price. What a usage adds is charged while the counter has room; what one takes away
 * comes first from what the maximum had held back. Without a counter of its own, what was charged before follows from
 * the total itself, and both ways of counting give the same.
 */
export function lessMaximum(price: Price<Decimal>, bounds: Bounds, cost: Change): Change {
  const { maximum } = price;
  if (maximum === undefined) return cost;
  const shared = maximum.own !== undefined;
  const counted = bounds.maximumUsed ?? ZERO;
  const before = shared
    ? (bounds.chargedBefore ?? least(cost.before, counted))
    : least(cost.before, maximum.amount);
  const used = shared ? counted : before;
  const change = cost.after.minus(cost.before);
  const charged = change.isNegative()
    ? least(cost.after.minus(before), ZERO)
    : least(change, greatest(maximum.amount.minus(used), ZERO));
  return { before, after: before.plus(charged) };
}
