import { minus } from '../money/arithmetic.js';
import { greatest, least } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { takeUp } from './allowance.js';
import type { Bounds, Price } from './price.js';
import { freeOf } from './total.js';

/** Units at two points of a running total. */
export type Units = { readonly before: Decimal; readonly after: Decimal };

/**
 * Takes the free units off two totals of a price; `freed` is how many more are free at the second. Without a counter of
 * its own, what was free before follows from the total, and both ways of counting give the same. What is not known of a
 * counter of its own is taken as if nobody shared it.
 */
export function lessFree(
  price: Price<Decimal>,
  bounds: Bounds,
  { before, after }: Units,
): Units & { readonly freed: Decimal } {
  const { free } = price;
  if (free === undefined) return { before, after, freed: ZERO };
  const shared = free.own !== undefined;
  const alone = freeOf(before, free.quantity);
  const taken = shared ? (bounds.freedBefore ?? least(alone, bounds.freeUsed ?? alone)) : alone;
  const used = shared ? (bounds.freeUsed ?? taken) : taken;
  const allowance = { limit: free.quantity, used, taken };
  const freed = takeUp(allowance, greatest(before, ZERO), greatest(after, ZERO));
  return { before: minus(before, taken), after: minus(minus(after, taken), freed), freed };
}
