import { minus, plus, times } from '../money/arithmetic.js';
import { atLeast, greaterThan, lessThan } from '../money/compare.js';
import { type Decimal, HUNDRED } from '../money/decimal.js';
import { compareFraction, fraction } from '../money/fraction.js';
import type { Part } from './part.js';
import type { Model, Running } from './price.js';

type Percentage = Extract<Model<Decimal>, { kind: 'percentage' }>;

/**
 * What one event costs: a percentage of its amount and a fixed fee, within bounds. It is the one model that prices
 * events and not a total, since what is free depends on the events before: `earlier` is their number and sum.
 * A free event has no part.
 */
export function percentage(model: Percentage, earlier: Running, amount: Decimal): Part | undefined {
  const paying = isFree(model, earlier) ? pastFreeAmount(model, plus(earlier.quantity, amount)) : amount;
  if (paying === undefined) return undefined;
  const { percent, fixed, minimum, maximum } = model;
  const exact = fraction(plus(times(paying, percent), times(fixed, HUNDRED)), HUNDRED);
  const raised = minimum !== undefined && compareFraction(exact, minimum) < 0 ? fraction(minimum) : exact;
  const cost = maximum !== undefined && compareFraction(raised, maximum) > 0 ? fraction(maximum) : raised;
  return { tier: 0, quantity: paying, unitPrice: percent, per: HUNDRED, flat: fixed, cost };
}

/** Whether the event begins inside the allowance; a limit that is not given does not limit, but one must be. */
function isFree({ freeEvents, freeAmount }: Percentage, earlier: Running): boolean {
  if (freeEvents === undefined && freeAmount === undefined) return false;
  if (freeEvents !== undefined && atLeast(earlier.events, freeEvents)) return false;
  return freeAmount === undefined || lessThan(earlier.quantity, freeAmount);
}

function pastFreeAmount({ freeAmount }: Percentage, sum: Decimal): Decimal | undefined {
  return freeAmount !== undefined && greaterThan(sum, freeAmount) ? minus(sum, freeAmount) : undefined;
}
