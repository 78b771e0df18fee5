import { times } from '../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../money/decimal.js';
import { fraction } from '../money/fraction.js';
import type { Part } from './part.js';

/** An amount each time it is charged: what is counted are the charges. */
export function flat(model: { readonly amount: Decimal }, charges: Decimal): Part {
  const cost = fraction(times(charges, model.amount));
  return { tier: 0, quantity: charges, unitPrice: model.amount, per: ONE, flat: ZERO, cost };
}
