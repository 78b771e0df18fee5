import type { Strategy } from '../strategy/strategy.js';
import type { Charge } from './charge.js';
import { takeDiscounts } from './discount.js';
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
