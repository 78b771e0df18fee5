import { minus } from '../money/arithmetic.js';
import { greatest, least, lessThan } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';

/** Something limited that a price uses up: units that are free, or money up to its maximum. */
export type Allowance = {
  readonly limit: Decimal;
  /** By everyone who shares it, in its own window. May be above a limit that was lowered since. */
  readonly used: Decimal;
  /** By this price, in the price's window. */
  readonly taken: Decimal;
};

/**
 * How much more of an allowance a price takes when what counts towards it goes from one total to another. What is added
 * takes as long as some is left; what is given back comes first from what had found none left. Below zero: given back.
 */
export function takeUp({ limit, used, taken }: Allowance, before: Decimal, after: Decimal): Decimal {
  return lessThan(after, before)
    ? least(minus(after, taken), ZERO)
    : least(minus(after, before), greatest(minus(limit, used), ZERO));
}
