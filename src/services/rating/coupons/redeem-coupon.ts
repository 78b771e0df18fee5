import { RatebookError } from '../../../errors/error.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import { updateAccount } from '../accounts/account-store.js';
import { accountAtItsTurn } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Coupon } from './coupon.js';
import { countRedemption, findCoupon } from './coupon-store.js';
import { couponNotFound } from './get-coupon.js';

export type Redeemed = { readonly coupon: Coupon; readonly at: Instant };

/**
 * Gives an account a coupon: from now on, and as long as it holds, rules see its code. An account that has it already
 * gets the same answer. Throws COUPON_NOT_FOUND, ACCOUNT_NOT_FOUND, and COUPON_NOT_VALID outside its time and when as many
 * accounts as may have redeemed it.
 */
export function redeemCoupon(
  { code, account: id }: { readonly code: string; readonly account: string },
  { store, clock }: AccountPorts,
): Promise<Redeemed> {
  return store.mongo.transaction(async (session) => {
    const account = await accountAtItsTurn(store, id, session);
    const earlier = account.coupons.find((one) => one.code === code);
    if (earlier !== undefined) {
      const coupon = await findCoupon(store, code, session);
      if (coupon === undefined) throw couponNotFound(code);
      return { coupon, at: earlier.from };
    }
    const coupon = await countRedemption(store, code, session);
    if (coupon === undefined) throw couponNotFound(code);
    const at = clock.now();
    refuseInvalid(coupon, at);
    const redeemed = { code, from: at, until: coupon.validUntil };
    await updateAccount(store, { ...account, coupons: [...account.coupons, redeemed] }, session);
    return { coupon, at };
  });
}

/** The coupon has counted this redemption. */
function refuseInvalid(coupon: Coupon, at: Instant): void {
  const { code, validFrom, validUntil, maxRedemptions, redemptions } = coupon;
  if (validFrom !== undefined && at < validFrom)
    throw notValid(code, `holds from ${formatInstant(validFrom)} on`);
  if (validUntil !== undefined && at >= validUntil)
    throw notValid(code, `held until ${formatInstant(validUntil)}`);
  if (maxRedemptions !== undefined && redemptions > maxRedemptions)
    throw notValid(code, `was for ${maxRedemptions} accounts, and they have redeemed it`);
}

function notValid(code: string, why: string): RatebookError {
  return new RatebookError('COUPON_NOT_VALID', `The coupon "${code}" ${why}.`, {
    metadata: { coupon: code },
  });
}
