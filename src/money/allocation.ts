import { type Decimal, ONE, ZERO, decimal, sum } from './decimal.js';

/**
 * Splits a total by weight so that the parts add up to it exactly: each part is cut down to a multiple of 10^-places,
 * and the units left over go to the largest remainders, one each; of equal ones the earlier goes first. What of the
 * total is finer than the unit goes to the next in that order. A negative total is split as its opposite is.
 *
 * Weights are 0 or more; a part of weight 0 gets nothing, unless all are 0: then all count alike.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], places: number): readonly Decimal[] {
  if (weights.length === 0) return [];
  if (total.isNegative()) return allocate(total.neg(), weights, places).map((part) => part.neg());
  const weight = sum(weights);
  if (weight.isZero()) return allocate(total, Array<Decimal>(weights.length).fill(ONE), places);

  const unit = decimal(10).pow(-places);
  // Cross-multiplied by the weights' sum, so that a share which does not end is never cut before it is compared.
  const scaled = weights.map((own) => total.mul(own));
  const parts = scaled.map((share) => share.divToInt(weight.mul(unit)).mul(unit));
  const remainders = scaled.map((share, i) => share.minus((parts[i] ?? ZERO).mul(weight)));
  const order = weights
    .map((_, i) => i)
    .filter((i) => weights[i]?.isZero() === false)
    .sort((a, b) => (remainders[b] ?? ZERO).cmp(remainders[a] ?? ZERO) || a - b);
  let left = total.minus(sum(parts));
  for (const i of order) {
    const more = left.lt(unit) ? left : unit;
    parts[i] = (parts[i] ?? ZERO).plus(more);
    left = left.minus(more);
  }
  return parts;
}
