import { type Decimal, HUNDRED } from '../money/decimal.js';
import type { PercentTier, Tier } from './price.js';

/** A tier in percent of an amount is a tier whose unit is money, priced for every hundred. */
export function asTier(tier: PercentTier<Decimal>): Tier<Decimal> {
  return { upTo: tier.upTo, unitPrice: tier.percent, per: HUNDRED, flat: tier.flat };
}
