import { times } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { fraction } from '../money/fraction.js';
import type { Part } from './part.js';

/** The same price for every unit, given for `per` of them. */
export function perUnit(model: { readonly unitPrice: Decimal; readonly per: Decimal }, units: Decimal): Part {
  const { unitPrice, per } = model;
  return {
    tier: 0,
    quantity: units,
    unitPrice,
    per,
    flat: ZERO,
    cost: fraction(times(units, unitPrice), per),
  };
}
