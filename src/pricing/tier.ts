import { plus, times } from '../money/arithmetic.js';
import type { Decimal } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import { compareFraction, fraction } from '../money/fraction.js';
import type { Part } from './part.js';
import type { Tier } from './price.js';

/** What `units` cost that are all priced by one tier: blocks are filled up, and its maximum holds the flat too. */
export function priceInTier(tier: Tier<Decimal>, position: number, units: Decimal): Part {
  const { upTo, unitPrice, per, flat, block, maximum } = tier;
  const quantity = block === undefined ? units : roundTo(units, block, 'up');
  const cost = fraction(plus(times(quantity, unitPrice), times(flat, per)), per);
  const held = maximum !== undefined && compareFraction(cost, maximum) > 0;
  return { tier: position, upTo, quantity, unitPrice, per, flat, cost: held ? fraction(maximum) : cost };
}
