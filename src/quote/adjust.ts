import type { Strategy } from '../strategy/strategy.js';
import type { Charge } from './charge.js';
import { giveBackDiscounts, takeDiscounts } from './discount.js';
import type { Discount, Line } from './line.js';
import type { Matched } from './matched.js';
import { addSurcharges } from './surcharge.js';

export type Adjusted = { readonly lines: readonly Line[]; readonly discounts: readonly Discount[] };

/**
 * Discounts first, then surcharges on what they have left: a fuel surcharge on a reduced fare is reduced with it. The
 * order is the same at every moment.
 */
export function adjustCharges(strategy: Strategy, matched: Matched, charges: readonly Charge[]): Adjusted {
  const { lines, discounts } = takeDiscounts(matched, charges);
  return { lines: addSurcharges(strategy, matched, lines), discounts };
}

/** The same for charges that take a use back, from which `taken` was taken off. */
export function adjustBack(
  strategy: Strategy,
  matched: Matched,
  { charges, taken }: { readonly charges: readonly Charge[]; readonly taken: readonly Discount[] },
): Adjusted {
  const { lines, discounts } = giveBackDiscounts(matched, charges, taken);
  return { lines: addSurcharges(strategy, matched, lines, true), discounts };
}
