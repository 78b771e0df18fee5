import { type Decimal, ZERO, greatest, least } from '../money/decimal.js';
import type { Bounds, Price } from './price.js';
import { freeOf } from './total.js';

/** Units to be charged at two points of a running total, and how many more of them are free at the second. */
export type Charged = { readonly before: Decimal; readonly after: Decimal; readonly freed: Decimal };

/**
 * Takes the free units off two counted totals of a price. What a usage adds is free while the counter has some left;
 * what a cancelled one takes away comes from the charged units first. Without a counter of its own, what was free
 * before follows from the total itself, and both ways of counting give the same.
 */
export function lessFree(
  price: Price<Decimal>,
  bounds: Bounds,
  counted: { readonly before: Decimal; readonly after: Decimal },
): Charged {
  const { free } = price;
  if (free === undefined) return { ...counted, freed: ZERO };
  const shared = free.own !== undefined;
  const freeBefore = shared ? (bounds.freedBefore ?? ZERO) : freeOf(counted.before, free.quantity);
  const used = shared ? (bounds.freeUsed ?? ZERO) : freeBefore;
  const unitsBefore = greatest(counted.before, ZERO);
  const added = greatest(counted.after, ZERO).minus(unitsBefore);
  const freed = added.isNegative()
    ? least(added.plus(unitsBefore).minus(freeBefore), ZERO)
    : least(added, greatest(free.quantity.minus(used), ZERO));
  return {
    before: counted.before.minus(freeBefore),
    after: counted.after.minus(freeBefore).minus(freed),
    freed,
  };
}
