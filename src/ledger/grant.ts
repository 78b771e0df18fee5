import { minus } from '../money/arithmetic.js';
import type { Decimal } from '../money/decimal.js';

/** Money or units put into a wallet at once. Instants are nanoseconds since 1970 (UTC). */
export type Grant = {
  /** Once in an account. */
  readonly reference: string;
  /** A lower number is used up first. */
  readonly priority: number;
  /** The first instant at which the rest is gone; undefined: never. */
  readonly expiresAt: bigint | undefined;
  readonly grantedAt: bigint;
  /** Those that it pays for; none: all. */
  readonly prices: readonly string[];
  /** Nobody has paid for it, so that what expires of it is nobody's gain. */
  readonly isPresent?: true;
  /** How much was put in. */
  readonly amount: Decimal;
  /** How much is left, held or not. */
  readonly remaining: Decimal;
  /** How much of that is reserved. */
  readonly held: Decimal;
};

export function freeOf({ remaining, held }: Grant): Decimal {
  return minus(remaining, held);
}

export function isExpired({ expiresAt }: Grant, at: bigint): boolean {
  return expiresAt !== undefined && expiresAt <= at;
}

export function paysFor({ prices }: Grant, price: string): boolean {
  return prices.length === 0 || prices.includes(price);
}
