import { atMost } from '../money/compare.js';
import type { Decimal } from '../money/decimal.js';
import type { Part } from './part.js';
import type { Tier } from './price.js';
import { priceInTier } from './tier.js';

/** The tier that the total reaches prices every unit; its block, flat and maximum apply, those of the others do not. */
export function volume(
  model: { readonly tiers: readonly Tier<Decimal>[] },
  units: Decimal,
): Part | undefined {
  const position = model.tiers.findIndex((tier) => tier.upTo === undefined || atMost(units, tier.upTo));
  const tier = model.tiers[position];
  return tier && priceInTier(tier, position, units);
}
