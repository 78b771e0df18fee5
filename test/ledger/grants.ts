import fc from 'fast-check';
import type { Funds } from '../../src/ledger/funds.js';
import type { Grant } from '../../src/ledger/grant.js';
import { ZERO, decimal } from '../../src/money/decimal.js';

/** A grant of ten that never expires and pays for all, unless said otherwise. */
export function grant(reference: string, more: Partial<Grant> = {}): Grant {
  const amount = more.amount ?? decimal(10);
  return {
    reference,
    priority: 0,
    expiresAt: undefined,
    grantedAt: 0n,
    prices: [],
    remaining: amount,
    held: ZERO,
    ...more,
    amount,
  };
}

export function funds(grants: readonly Grant[], more: Partial<Funds> = {}): Funds {
  return { wallet: 'main', unit: 'USD', grants, owed: ZERO, heldCredit: ZERO, creditLimit: ZERO, ...more };
}

export const amounts = fc.integer({ min: 1, max: 500 }).map((cents) => decimal((cents / 100).toFixed(2)));
export const prices = fc.constantFrom('a', 'b', 'c');
