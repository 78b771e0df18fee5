import { RatebookError } from '../errors/error.js';
import { compareDecimals } from '../money/compare.js';
import { isDecimal } from '../money/decimal.js';
import type { FactValue } from './strategy.js';

/**
 * Below, equal to or above 0 as `a` comes before, is or comes after `b`; both are of one type. Dates and times of day
 * have a fixed width, so the order of their texts is theirs.
 */
export function compareFactValues(a: FactValue, b: FactValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return compare(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return compare(a, b);
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(a, b);
  throw new RatebookError('INTERNAL', 'Two facts of different types, or lists, were compared.');
}

function compare<T extends string | bigint | boolean>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
