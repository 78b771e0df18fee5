import { times } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { divide, roundTo } from '../money/rounding.js';
import { fraction } from '../money/fraction.js';
import type { Part } from './part.js';

/** Whole packages: a started one counts (`up`) or does not (`down`). The units of its part are those of whole packages. */
export function packages(
  model: { readonly size: Decimal; readonly price: Decimal; readonly partial: 'up' | 'down' },
  units: Decimal,
): Part {
  const { size, price, partial } = model;
  const quantity = roundTo(units, size, partial);
  const cost = fraction(times(divide(quantity, size), price));
  return { tier: 0, quantity, unitPrice: price, per: size, flat: ZERO, cost };
}
