import type { Session } from '../../../platform/mongo/transaction.js';
import type { CouponDocument, Store } from '../store.js';
import type { Coupon } from './coupon.js';

export async function findCoupon(store: Store, code: string, session?: Session): Promise<Coupon | undefined> {
  const found = await store.coupons.findOne({ _id: code }, { session });
  return found === null ? undefined : couponOf(found);
}

export async function insertCoupon(
  store: Store,
  { code, ...coupon }: Coupon,
  session: Session,
): Promise<void> {
  await store.coupons.insertOne({ _id: code, ...coupon }, { session });
}

/** Counts one more redemption, and returns the coupon as it is then; undefined when there is none. */
export async function countRedemption(
  store: Store,
  code: string,
  session: Session,
): Promise<Coupon | undefined> {
  const found = await store.coupons.findOneAndUpdate(
    { _id: code },
    { $inc: { redemptions: 1 } },
    { session, returnDocument: 'after' },
  );
  return found === null ? undefined : couponOf(found);
}

function couponOf({ _id, validFrom, validUntil, maxRedemptions, redemptions }: CouponDocument): Coupon {
  return { code: _id, validFrom, validUntil, maxRedemptions, redemptions };
}
