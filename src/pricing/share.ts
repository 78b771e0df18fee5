import { minus } from '../money/arithmetic.js';
import { least, lessThan } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import { type Cost, type Level, totalOf } from './part.js';
import type { Share } from './price.js';

/** A total price, and what of it is charged: less than all where a maximum holds some back. */
export type Charge = { readonly cost: Cost; readonly charged: Decimal };

/** What a usage adds tier by tier: the shares of the total after it less those of the total before it. */
export function sharesBetween(before: Charge, after: Charge): readonly Share[] {
  const heldBefore = isHeld(before);
  const heldAfter = isHeld(after);
  const shares: Share[] = [];
  let old = before.cost;
  let now = after.cost;
  // Both go from the highest tier to the lowest; below a level that they share nothing has changed.
  while (old !== now || ((heldBefore || heldAfter) && now !== undefined)) {
    const tier = Math.max(old?.share.tier ?? 0, now?.share.tier ?? 0);
    const earlier = old?.share.tier === tier ? old : undefined;
    const later = now?.share.tier === tier ? now : undefined;
    const own = later && (heldAfter ? heldShare(later, after.charged) : later.share);
    const taken = earlier && (heldBefore ? heldShare(earlier, before.charged) : earlier.share);
    const share = taken === undefined ? own : less(own, taken);
    if (share !== undefined && isSeen(share)) shares.push(share);
    if (earlier !== undefined) old = earlier.below;
    if (later !== undefined) now = later.below;
  }
  return shares.reverse();
}

function isHeld({ cost, charged }: Charge): boolean {
  return lessThan(charged, totalOf(cost));
}

/** A maximum holds back the last tiers first. */
function heldShare({ below, share, total }: Level, charged: Decimal): Share {
  const upToBelow = below === undefined ? ZERO : least(below.total, charged);
  return { ...share, amount: minus(least(total, charged), upToBelow) };
}

/** A tier that is no longer reached gives back what it cost, as when a volume price moves to the next tier. */
function less(share: Share | undefined, old: Share): Share {
  const { tier, upTo, unitPrice, per } = share ?? old;
  return {
    tier,
    upTo,
    quantity: minus(share?.quantity ?? ZERO, old.quantity),
    unitPrice,
    per,
    flat: minus(share?.flat ?? ZERO, old.flat),
    amount: minus(share?.amount ?? ZERO, old.amount),
  };
}

function isSeen({ quantity, flat, amount }: Share): boolean {
  return !isZero(quantity) || !isZero(flat) || !isZero(amount);
}
