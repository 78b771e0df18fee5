import { minus } from '../money/arithmetic.js';
import { atMost, least } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import type { Part } from './part.js';
import type { Tier } from './price.js';
import { priceInTier } from './tier.js';

/**
 * Each unit at the price of the tier it falls in. The first tier is entered even with no units; a later one as soon as
 * anything lies above the bound before it. Units below zero fall in the first tier.
 */
export function graduated(
  model: { readonly tiers: readonly Tier<Decimal>[] },
  units: Decimal,
): readonly Part[] {
  const parts: Part[] = [];
  let floor = ZERO;
  let position = 0;
  for (const tier of model.tiers) {
    if (position > 0 && atMost(units, floor)) break;
    const top = tier.upTo === undefined ? units : least(units, tier.upTo);
    parts.push(priceInTier(tier, position, minus(top, floor)));
    floor = top;
    position += 1;
  }
  return parts;
}
