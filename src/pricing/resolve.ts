import { RatebookError, type Violation } from '../errors/error.js';
import type { Decimal } from '../money/decimal.js';
import type { Operand, Price } from './price.js';

export function resolvePrice(price: Price<Operand>, read: (fact: string) => Decimal): Price<Decimal> {
  void price;
  void read;
  const violations: Violation[] = [];
  throw new RatebookError('INVALID_FACTS', 'x', { violations });
}

/** Whether no number of the price, its quantity apart, depends on a fact. */
export function isConstant(price: Price<Operand>): boolean {
  return price.id === '';
}
