import type { Decimal } from '../money/decimal.js';
import type { Part } from './part.js';
import { asTier } from './percent-tier.js';
import type { PercentTier } from './price.js';
import { volume } from './volume.js';

/** The percentage of the tier that the total amount reaches, on the whole amount. */
export function volumePercentage(
  model: { readonly tiers: readonly PercentTier<Decimal>[] },
  amount: Decimal,
): Part | undefined {
  return volume({ tiers: model.tiers.map(asTier) }, amount);
}
