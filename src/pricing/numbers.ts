import type { Decimal } from '../money/decimal.js';
import type { Model, Operand, PercentTier, Price, Tier } from './price.js';

/** Which values a number may have; a `price` is 0 or more unless the document says `negative`. */
export type Range = 'any' | 'price' | 'zero_or_more' | 'above_zero';

/** Gives the value of one number; `field` is its path inside the price, or inside the tier of that position. */
export type Visit = (field: string, operand: Operand, range: Range, tier?: number) => Decimal;

/** A price with every number replaced by its value: the one list of the numbers that a price has. */
export function mapNumbers(price: Price<Operand>, visit: Visit): Price<Decimal> {
  const { free, maximum, minimum, roundQuantity, roundRating } = price;
  // Written out key by key: prices of one layout, whatever keys their documents have, are read at full speed.
  return {
    id: price.id,
    model: mapModel(price.model, visit),
    quantity: visit('quantity', price.quantity, 'any'),
    free: free && { ...free, quantity: visit('free', free.quantity, 'zero_or_more') },
    maximum: maximum && { ...maximum, amount: visit('maximum', maximum.amount, 'price') },
    minimum: minimum && visit('minimum', minimum, 'price'),
    roundQuantity: roundQuantity && {
      ...roundQuantity,
      to: visit('round_quantity.to', roundQuantity.to, 'above_zero'),
    },
    roundRating: roundRating && {
      ...roundRating,
      to: visit('round_rating.to', roundRating.to, 'above_zero'),
    },
    groupBy: price.groupBy,
    resets: price.resets,
    counter: price.counter,
    negative: price.negative,
    measured: price.measured,
    recurring: price.recurring,
  };
}

function mapModel(model: Model<Operand>, visit: Visit): Model<Decimal> {
  switch (model.kind) {
    case 'flat':
      return { ...model, amount: visit('amount', model.amount, 'price') };
    case 'per_unit':
      return {
        ...model,
        unitPrice: visit('unit_price', model.unitPrice, 'price'),
        per: visit('per', model.per, 'above_zero'),
      };
    case 'graduated':
    case 'volume':
      return { ...model, tiers: model.tiers.map((tier, i) => mapTier(tier, i, visit)) };
    case 'package':
      return {
        ...model,
        size: visit('size', model.size, 'above_zero'),
        price: visit('price', model.price, 'price'),
      };
    case 'percentage':
      return {
        ...model,
        percent: visit('percent', model.percent, 'price'),
        fixed: visit('fixed', model.fixed, 'price'),
        freeEvents: model.freeEvents && visit('free_events', model.freeEvents, 'zero_or_more'),
        freeAmount: model.freeAmount && visit('free_amount', model.freeAmount, 'zero_or_more'),
        minimum: model.minimum && visit('minimum', model.minimum, 'price'),
        maximum: model.maximum && visit('maximum', model.maximum, 'price'),
      };
    case 'graduated_percentage':
    case 'volume_percentage':
      return { ...model, tiers: model.tiers.map((tier, i) => mapPercentTier(tier, i, visit)) };
    case 'dynamic':
      return { ...model, multiplier: visit('multiplier', model.multiplier, 'price') };
  }
}

function mapTier(tier: Tier<Operand>, at: number, visit: Visit): Tier<Decimal> {
  return {
    upTo: tier.upTo && visit('up_to', tier.upTo, 'above_zero', at),
    unitPrice: visit('unit_price', tier.unitPrice, 'price', at),
    per: visit('per', tier.per, 'above_zero', at),
    flat: visit('flat', tier.flat, 'price', at),
    block: tier.block && visit('block', tier.block, 'above_zero', at),
    maximum: tier.maximum && visit('maximum', tier.maximum, 'price', at),
  };
}

function mapPercentTier(tier: PercentTier<Operand>, at: number, visit: Visit): PercentTier<Decimal> {
  return {
    upTo: tier.upTo && visit('up_to', tier.upTo, 'above_zero', at),
    percent: visit('percent', tier.percent, 'price', at),
    flat: visit('flat', tier.flat, 'price', at),
  };
}
