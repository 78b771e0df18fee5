import { minus } from '../money/arithmetic.js';
import { least, lessThan } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import type { Cost } from './part.js';
import type { Share } from './price.js';

/** A total price, and what of it is charged: less than all where a maximum holds some back. */
export type Charge = { readonly cost: Cost; readonly charged: Decimal };

/** What a usage adds tier by tier: the shares of the total after it less those of the total before it. */
export function sharesBetween(before: Charge, after: Charge): readonly Share[] {
  const later = sharesOf(after);
  if (before.cost.parts.length === 0) return later.every(isSeen) ? later : later.filter(isSeen);
  const earlier = sharesOf(before);
  const shares: Share[] = [];
  // Both go from the lowest tier to the highest.
  for (let [i, j] = [0, 0]; i < earlier.length || j < later.length;) {
    const [old, now] = [earlier[i], later[j]];
    const tier = Math.min(old?.tier ?? Infinity, now?.tier ?? Infinity);
    const own = now?.tier === tier ? now : undefined;
    const share = old?.tier === tier ? less(own, old) : own;
    if (share !== undefined && isSeen(share)) shares.push(share);
    if (old?.tier === tier) i++;
    if (now?.tier === tier) j++;
  }
  return shares;
}

/** A maximum holds back the last tiers first. */
function sharesOf({ cost, charged }: Charge): readonly Share[] {
  const isHeld = lessThan(charged, cost.total);
  let below = ZERO;
  return cost.parts.map(({ tier, upTo, quantity, unitPrice, per, flat }, i) => {
    const exact = cost.sums[i] ?? ZERO;
    const upToHere = isHeld ? least(exact, charged) : exact;
    const amount = minus(upToHere, below);
    below = upToHere;
    return { tier, upTo, quantity, unitPrice, per, flat, amount };
  });
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
