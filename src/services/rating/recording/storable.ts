import { RatebookError } from '../../../errors/error.js';
import { type Decimal, ZERO, formatDecimal } from '../../../money/decimal.js';
import type { Share } from '../../../pricing/price.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import type { Rating } from './usage.js';

/** Digits that a number in the database has at most. */
const MOST_DIGITS = 34;

/**
 * Throws INVALID_FACTS when a number of the rating, or one that its counters come to, is too long to be stored: nothing is
 * rounded in silence.
 */
export function refuseTooLong(
  { amount, lines, discounts, before }: Rating,
  after: readonly StoredCounter[],
): void {
  const numbers = [
    amount,
    ...lines.flatMap((line) => [line.amount, line.net, line.quantity, line.usedBefore]),
    ...lines.flatMap(({ shares }) => shares.flatMap(numbersOf)),
    ...discounts.flatMap((discount) => [discount.amount, ...discount.lines.values()]),
    ...[...before, ...after].flatMap(({ quantity, events }) => [quantity, events]),
  ];
  refuseLong(numbers);
}

/** Throws INVALID_FACTS when one of the numbers that a use comes to has more digits than are stored. */
export function refuseLong(numbers: readonly Decimal[]): void {
  const tooLong = numbers.find((number) => !isStorable(number));
  if (tooLong === undefined) return;
  const message = `The use comes to ${formatDecimal(tooLong)}, which has more than the ${MOST_DIGITS} digits that are stored; round its price or quantity in the strategy.`;
  throw new RatebookError('INVALID_FACTS', message);
}

function numbersOf({ upTo = ZERO, quantity, unitPrice, per, flat, amount }: Share): readonly Decimal[] {
  return [upTo, quantity, unitPrice, per, flat, amount];
}

/** Whether the database holds the number to its last digit. Zeros before the first digit are not stored, whatever the sign. */
export function isStorable(number: Decimal): boolean {
  // What is not wide has 16 digits at most.
  return (
    number.wide === undefined || formatDecimal(number).replace(/^-?(0\.0*)?|\./g, '').length <= MOST_DIGITS
  );
}
