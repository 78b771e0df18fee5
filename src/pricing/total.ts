import { minus } from '../money/arithmetic.js';
import { greatest, least } from '../money/compare.js';
import { type Decimal, ZERO, isNegative } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import { dynamic } from './dynamic.js';
import { flat } from './flat.js';
import { graduatedPercentage } from './graduated-percentage.js';
import { graduated } from './graduated.js';
import { packages } from './package.js';
import { type Cost, type Part, levelOn, totalOf } from './part.js';
import { perUnit } from './per-unit.js';
import { percentage } from './percentage.js';
import type { Model, Price } from './price.js';
import { volumePercentage } from './volume-percentage.js';
import { volume } from './volume.js';

/** Every model whose price depends on the total alone, whatever the usages that made it up. */
export type TotalModel = Exclude<Model<Decimal>, { kind: 'percentage' }>;

/**
 * P(q): what q units cost together once anything was used: rounded, minus the free ones, by the model, at most the
 * maximum. Bounds with a counter of their own count as if nobody shared it. A `percentage` prices q as one event.
 */
export function total(price: Price<Decimal>, quantity: Decimal): Decimal {
  const counted = countedTotal(price, quantity);
  const units = price.free === undefined ? counted : minus(counted, freeOf(counted, price.free.quantity));
  const cost = totalOf(
    price.model.kind === 'percentage'
      ? costOfPart(percentage(price.model, { quantity: ZERO, events: ZERO }, units))
      : costOf(price.model, units),
  );
  return price.maximum === undefined ? cost : least(cost, price.maximum.amount);
}

export function costOf(model: TotalModel, units: Decimal): Cost {
  switch (model.kind) {
    case 'flat':
      return costOfPart(flat(model, units));
    case 'per_unit':
      return costOfPart(perUnit(model, units));
    case 'graduated':
      return graduated(model, units);
    case 'volume':
      return costOfPart(volume(model, units));
    case 'package':
      return costOfPart(packages(model, units));
    case 'graduated_percentage':
      return graduatedPercentage(model, units);
    case 'volume_percentage':
      return costOfPart(volumePercentage(model, units));
    case 'dynamic':
      return costOfPart(dynamic(model, units));
  }
}

/** What a price without tiers comes to, or one whose tiers do not add up. */
export function costOfPart(part: Part | undefined): Cost {
  return part && levelOn(undefined, part);
}

/**
 * The units that a running total stands for, before free ones. A total below zero costs what zero does: nobody is paid
 * for more than was charged, unless the price says `negative` and its first tier then prices units below zero too.
 */
export function countedTotal(price: Price<Decimal>, quantity: Decimal): Decimal {
  const { roundQuantity, negative } = price;
  const rounded =
    roundQuantity === undefined || roundQuantity.each
      ? quantity
      : roundTo(quantity, roundQuantity.to, roundQuantity.mode);
  return negative || !isNegative(rounded) ? rounded : ZERO;
}

/** How many of so many units are free: they come off the bottom, and none below zero is. */
export function freeOf(units: Decimal, free: Decimal): Decimal {
  return least(greatest(units, ZERO), free);
}
