import { times } from '../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../money/decimal.js';
import { fraction } from '../money/fraction.js';
import type { Part } from './part.js';

/** The price comes with the event, as an amount of money, and is multiplied. */
export function dynamic(model: { readonly multiplier: Decimal }, amount: Decimal): Part {
  const cost = fraction(times(amount, model.multiplier));
  return { tier: 0, quantity: amount, unitPrice: model.multiplier, per: ONE, flat: ZERO, cost };
}
