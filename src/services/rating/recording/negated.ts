import { negate } from '../../../money/arithmetic.js';
import type { Discount, Line } from '../../../quote/line.js';
import type { Rating } from './usage.js';

/** A rating that takes another one back exactly: the other's content with the opposite sign. */
export function negated(reversal: Rating, original: Rating): Rating {
  const { facts, before, amount, lines, discounts } = original;
  return {
    ...reversal,
    facts,
    before,
    amount: negate(amount),
    lines: lines.map(negatedLine),
    discounts: discounts.map(negatedDiscount),
  };
}

function negatedLine(line: Line): Line {
  return {
    ...line,
    quantity: negate(line.quantity),
    amount: negate(line.amount),
    net: negate(line.net),
    shares: line.shares.map((share) => ({
      ...share,
      quantity: negate(share.quantity),
      flat: negate(share.flat),
      amount: negate(share.amount),
    })),
  };
}

function negatedDiscount(discount: Discount): Discount {
  const lines = [...discount.lines].map(([line, loss]) => [line, negate(loss)] as const);
  return { ...discount, amount: negate(discount.amount), lines: new Map(lines) };
}
