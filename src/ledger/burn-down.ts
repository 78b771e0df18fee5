import type { Grant } from './grant.js';

/**
 * The order in which grants are used up: by priority, the lower number first; then what expires first, what never expires
 * last; then the older one; then by reference, so that there is one order only.
 */
export function byBurnDown(a: Grant, b: Grant): number {
  return (
    a.priority - b.priority ||
    compareExpiry(a.expiresAt, b.expiresAt) ||
    compare(a.grantedAt, b.grantedAt) ||
    compare(a.reference, b.reference)
  );
}

function compareExpiry(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compare(a, b);
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
