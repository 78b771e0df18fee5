import { minus } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { type Fraction, addFractions, toDecimal } from '../money/fraction.js';
import type { Share } from './price.js';

/** What one tier adds to the total price of so many units, before the division. A price without tiers has one part. */
export type Part = Omit<Share, 'amount'> & { readonly cost: Fraction };

/**
 * A part on top of those below it. A total price is its highest level: so prices that have passed the same tiers share
 * their levels, and those of constant tiers are computed once.
 */
export type Level = {
  readonly below: Level | undefined;
  /** The part, with what it adds to the total. */
  readonly share: Share;
  /** All parts up to this one, before the division and after it. */
  readonly sum: Fraction;
  readonly total: Decimal;
};

/** A total price, by its highest level; none where nothing is due. */
export type Cost = Level | undefined;

/**
 * Adds a part, dividing last. Its share is the difference of two totals: so shares add up to the total exactly, even
 * where a quotient does not end and had to be cut.
 */
export function levelOn(below: Cost, part: Part): Level {
  const { tier, upTo, quantity, unitPrice, per, flat, cost } = part;
  const sum = below === undefined ? cost : addFractions(below.sum, cost);
  const total = toDecimal(sum);
  const amount = below === undefined ? total : minus(total, below.total);
  return { below, share: { tier, upTo, quantity, unitPrice, per, flat, amount }, sum, total };
}

export function totalOf(cost: Cost): Decimal {
  return cost === undefined ? ZERO : cost.total;
}
