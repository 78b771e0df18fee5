import { type Decimal, ZERO, decimal } from '../../src/money/decimal.js';
import type { Model, PercentTier, Price, Running, Tier } from '../../src/pricing/price.js';

/** A price of this model with nothing else set. */
export function priceOf(model: Model<Decimal>, more: Partial<Price<Decimal>> = {}): Price<Decimal> {
  return {
    id: 'test',
    model,
    quantity: ZERO,
    groupBy: [],
    resets: 'month',
    counter: 'test',
    negative: false,
    recurring: { bill: 'arrears', prorate: 'none', anchor: 'calendar' },
    ...more,
  };
}

type Numbers = Readonly<Record<string, string | number>>;

/** Tiers as the document writes them, with its defaults: price and flat 0, per 1. */
export function tiersOf(...tiers: readonly Numbers[]): readonly Tier<Decimal>[] {
  return tiers.map((tier) => {
    const read = (key: string) => (tier[key] === undefined ? undefined : decimal(tier[key]));
    return {
      upTo: read('up_to'),
      unitPrice: read('unit_price') ?? ZERO,
      per: read('per') ?? decimal(1),
      flat: read('flat') ?? ZERO,
      block: read('block'),
      maximum: read('maximum'),
    };
  });
}

export function percentTiersOf(...tiers: readonly Numbers[]): readonly PercentTier<Decimal>[] {
  return tiers.map((tier) => ({
    upTo: tier.up_to === undefined ? undefined : decimal(tier.up_to),
    percent: decimal(tier.percent ?? 0),
    flat: decimal(tier.flat ?? 0),
  }));
}

export function running(quantity: string | number, events: string | number): Running {
  return { quantity: decimal(quantity), events: decimal(events) };
}

export const UNUSED = running(0, 0);
