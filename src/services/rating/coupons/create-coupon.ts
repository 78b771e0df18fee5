import { RatebookError } from '../../../errors/error.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { changeOnce } from '../accounts/change-once.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Coupon } from './coupon.js';
import { findCoupon, insertCoupon } from './coupon-store.js';

export type CreateCouponInput = {
  readonly coupon: Omit<Coupon, 'redemptions'>;
  readonly request: RequestKey | undefined;
};

/** Makes a coupon. Throws COUPON_EXISTS and REQUEST_ID_REUSED. */
export function createCoupon({ coupon, request }: CreateCouponInput, ports: AccountPorts): Promise<Coupon> {
  const { store } = ports;
  return changeOnce(request, ports, async (session) => {
    if ((await findCoupon(store, coupon.code, session)) !== undefined) throw couponExists(coupon.code);
    const created: Coupon = { ...coupon, redemptions: 0 };
    await insertCoupon(store, created, session);
    return created;
  });
}

function couponExists(code: string): RatebookError {
  return new RatebookError('COUPON_EXISTS', `There is a coupon "${code}" already; choose another code.`, {
    metadata: { coupon: code },
  });
}
