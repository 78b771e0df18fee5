import type { Decimal } from '../money/decimal.js';
import type { Bounds, Price, Running } from './price.js';
import { rate } from './rate.js';

/** One line of arithmetic in plain words; the value is what the expression comes to. */
export type Step = { readonly label: string; readonly expression: string; readonly value: Decimal };

/** The arithmetic of `rate` with the same arguments; the value of the last step is the rated amount. */
export function explainRating(
  price: Price<Decimal>,
  before: Running,
  quantity: Decimal,
  bounds: Bounds = {},
): readonly Step[] {
  const { amount } = rate(price, before, quantity, bounds);
  return [{ label: 'Amount', expression: '', value: amount }];
}
