import type { Strategy } from '../strategy/strategy.js';
import type { Charge } from './charge.js';
import { type Losses, type Taken, giveBackDiscounts, takeDiscounts } from './discount.js';
import type { Discount, Line } from './line.js';
import type { Matched } from './matched.js';
import { addSurcharges } from './surcharge.js';

export type Adjusted = {
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  /** What each discount took off each charge, of a use in pieces. */
  readonly losses?: Losses;
};

/**
 * Discounts first, then surcharges on what they have left: a fuel surcharge on a reduced fare is reduced with it. The
 * order is the same at every moment.
 */
export function adjustCharges(strategy: Strategy, matched: Matched, charges: readonly Charge[]): Adjusted {
  const { lines, discounts, losses } = takeDiscounts(matched, charges);
  return { lines: addSurcharges(strategy, matched, { lines, charges }), discounts, losses };
}

/** The same for charges that take a use back, from which discounts were `taken`. */
export function adjustBack(
  strategy: Strategy,
  matched: Matched,
  { charges, taken }: { readonly charges: readonly Charge[]; readonly taken: Taken },
): Adjusted {
  const { lines, discounts } = giveBackDiscounts(matched, charges, taken);
  return { lines: addSurcharges(strategy, matched, { lines, charges }, true), discounts };
}
