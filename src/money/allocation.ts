import { minus, negate, plus, sum, times } from './arithmetic.js';
import { compareDecimals, lessThan } from './compare.js';
import { type Decimal, ONE, ZERO, isNegative, isZero, unitOf } from './decimal.js';
import { wholeQuotient } from './rounding.js';

/**
 * Splits a total by weight so that the parts add up to it exactly: each part is cut down to a multiple of 10^-places,
 * and the units left over go to the largest remainders, one each; of equal ones the earlier goes first. What of the
 * total is finer than the unit goes to the next in that order. A negative total is split as its opposite is.
 *
 * Weights are 0 or more; a part of weight 0 gets nothing, unless all are 0: then all count alike.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], places: number): readonly Decimal[] {
  if (weights.length === 0) return [];
  if (isNegative(total)) return allocate(negate(total), weights, places).map((part) => negate(part));
  const weight = sum(weights);
  if (isZero(weight)) return allocate(total, Array<Decimal>(weights.length).fill(ONE), places);

  const unit = unitOf(places);
  // Cross-multiplied by the weights' sum, so that a share which does not end is never cut before it is compared.
  const scaled = weights.map((own) => times(total, own));
  const parts = scaled.map((share) => times(wholeQuotient(share, times(weight, unit)), unit));
  const remainders = scaled.map((share, i) => minus(share, times(parts[i] ?? ZERO, weight)));
  const order = weights
    .map((_, i) => i)
    .filter((i) => !isZero(weights[i] ?? ZERO))
    .sort((a, b) => compareDecimals(remainders[b] ?? ZERO, remainders[a] ?? ZERO) || a - b);
  let left = minus(total, sum(parts));
  for (const i of order) {
    const more = lessThan(left, unit) ? left : unit;
    parts[i] = plus(parts[i] ?? ZERO, more);
    left = minus(left, more);
  }
  return parts;
}
