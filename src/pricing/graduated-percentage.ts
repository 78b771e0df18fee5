import type { Decimal } from '../money/decimal.js';
import { graduated } from './graduated.js';
import type { Cost } from './part.js';
import { asTier } from './percent-tier.js';
import type { PercentTier } from './price.js';

/** Each part of an amount of money at the percentage of the tier it falls in. */
export function graduatedPercentage(
  model: { readonly tiers: readonly PercentTier<Decimal>[] },
  amount: Decimal,
): Cost {
  return graduated({ tiers: model.tiers.map(asTier) }, amount);
}
