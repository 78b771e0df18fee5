import { RatebookError } from '../../../errors/error.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Coupon } from './coupon.js';
import { findCoupon } from './coupon-store.js';

/** One coupon. Throws COUPON_NOT_FOUND. */
export async function getCoupon(code: string, { store }: AccountPorts): Promise<Coupon> {
  const found = await findCoupon(store, code);
  if (found === undefined) throw couponNotFound(code);
  return found;
}

export function couponNotFound(code: string): RatebookError {
  return new RatebookError(
    'COUPON_NOT_FOUND',
    `There is no coupon "${code}"; look at the code, or create it.`,
    {
      metadata: { coupon: code },
    },
  );
}
