import { minus, plus } from '../money/arithmetic.js';
import { atMost } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { roundTo } from '../money/rounding.js';
import { lessFree } from './free.js';
import type { Bounds, Model, Price, Start, Tier } from './price.js';
import { countedPiece } from './rate.js';
import { countedTotal } from './total.js';

/**
 * How far a piece of a usage reaches when the block, package or rounding step that it has begun is filled up: at least
 * the quantity itself. What follows in that block is paid with it.
 */
export function upToBlockEnd(
  price: Price<Decimal>,
  before: Start,
  quantity: Decimal,
  bounds: Bounds = {},
): Decimal {
  const reach = plus(quantity, restOfStep(price, before, quantity));
  const { within = ZERO, ...start } = before;
  const from = plus(start.quantity, within);
  const to = plus(from, countedPiece(price, before, reach));
  const counted = { before: countedTotal(price, from), after: countedTotal(price, to) };
  return plus(reach, restOfBlock(price.model, lessFree(price, bounds, counted).after));
}

/** What is missing to the next multiple of `round_quantity`, of the usage or of the running total. */
function restOfStep({ roundQuantity }: Price<Decimal>, before: Start, quantity: Decimal): Decimal {
  if (roundQuantity === undefined) return ZERO;
  const ofUsage = plus(before.within ?? ZERO, quantity);
  return rest(roundQuantity.each ? ofUsage : plus(before.quantity, ofUsage), roundQuantity.to);
}

/** What is missing to the end of the block that a number of charged units ends in. */
function restOfBlock(model: Model<Decimal>, units: Decimal): Decimal {
  if (atMost(units, ZERO)) return ZERO;
  switch (model.kind) {
    case 'package':
      return rest(units, model.size);
    case 'graduated':
    case 'volume': {
      const position = model.tiers.findIndex(({ upTo }) => upTo === undefined || atMost(units, upTo));
      const block = model.tiers[position]?.block;
      const floor = model.kind === 'graduated' ? floorOf(model.tiers, position) : ZERO;
      return block === undefined ? ZERO : rest(minus(units, floor), block);
    }
    case 'flat':
    case 'per_unit':
    case 'percentage':
    case 'graduated_percentage':
    case 'volume_percentage':
    case 'dynamic':
      return ZERO;
  }
}

function floorOf(tiers: readonly Tier<Decimal>[], position: number): Decimal {
  return tiers[position - 1]?.upTo ?? ZERO;
}

function rest(units: Decimal, step: Decimal): Decimal {
  return minus(roundTo(units, step, 'up'), units);
}
