import type { AccountService } from '../../../gen/ratebook/v1/account_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import type { AccountPorts } from '../accounts/ports.js';
import {
  fromProtoCouponName,
  fromProtoCreateCoupon,
  fromProtoRedeemCoupon,
  toProtoCoupon,
  toProtoRedeemed,
} from './convert-coupon.js';
import { createCoupon } from './create-coupon.js';
import { getCoupon } from './get-coupon.js';
import { redeemCoupon } from './redeem-coupon.js';

type CouponMethods = 'createCoupon' | 'getCoupon' | 'redeemCoupon';

/** The methods of AccountService on coupons. */
export function couponHandlers(ports: AccountPorts): Pick<Handlers<typeof AccountService>, CouponMethods> {
  return {
    createCoupon: async (request, { caller }) => ({
      coupon: toProtoCoupon(await createCoupon(fromProtoCreateCoupon(request, caller.name), ports)),
    }),

    getCoupon: async ({ name }) => ({
      coupon: toProtoCoupon(await getCoupon(fromProtoCouponName(name), ports)),
    }),

    redeemCoupon: async (request) =>
      toProtoRedeemed(await redeemCoupon(fromProtoRedeemCoupon(request), ports)),
  };
}
