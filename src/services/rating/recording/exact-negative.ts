import { negate } from '../../../money/arithmetic.js';
import type { Discount } from '../../../quote/line.js';
import { negatedLine } from '../../../quote/reverse-use.js';
import type { Rating } from './usage.js';

/** What takes back all that a rating came to, line by line and tier by tier, whatever was counted since. */
export function exactNegative({
  amount,
  lines,
  discounts,
}: Rating): Pick<Rating, 'amount' | 'lines' | 'discounts'> {
  return {
    amount: negate(amount),
    lines: lines.map(negatedLine),
    discounts: discounts.map(negatedDiscount),
  };
}

function negatedDiscount(discount: Discount): Discount {
  const lines = new Map([...discount.lines].map(([line, loss]) => [line, negate(loss)]));
  return { ...discount, amount: negate(discount.amount), lines };
}
