import { minus } from '../money/arithmetic.js';
import { least, lessThan } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import type { Cost } from './part.js';
import type { Share } from './price.js';

/** A total price, and what of it is charged: less than all where a maximum holds some back. */
export type Charge = { readonly cost: Cost; readonly charged: Decimal };

/** What a usage adds tier by tier: the shares of the total after it less those of the total before it. */
export function sharesBetween(before: Charge, after: Charge): readonly Share[] {
  const earlier = new Map(sharesOf(before).map((share) => [share.tier, share]));
  const shares: Share[] = [];
  for (const share of sharesOf(after)) {
    const old = earlier.get(share.tier);
    shares.push(old === undefined ? share : less(share, old));
    earlier.delete(share.tier);
  }
  // A tier that is no longer reached gives back what it cost, as when a volume price moves to the next tier.
  for (const old of earlier.values()) {
    shares.push(less({ ...old, quantity: ZERO, flat: ZERO, amount: ZERO }, old));
  }
  return shares.filter(isSeen).sort((a, b) => a.tier - b.tier);
}

/** A maximum holds back the last tiers first. */
function sharesOf({ cost, charged }: Charge): Share[] {
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

function less(share: Share, old: Share): Share {
  return {
    ...share,
    quantity: minus(share.quantity, old.quantity),
    flat: minus(share.flat, old.flat),
    amount: minus(share.amount, old.amount),
  };
}

function isSeen({ quantity, flat, amount }: Share): boolean {
  return !isZero(quantity) || !isZero(flat) || !isZero(amount);
}
