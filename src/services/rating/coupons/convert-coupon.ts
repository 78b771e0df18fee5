import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type {
  CouponSchema,
  CreateCouponRequest,
  RedeemCouponRequest,
  RedeemCouponResponseSchema,
} from '../../../gen/ratebook/v1/account_pb.js';
import { readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { requestKey } from '../../../platform/request-key.js';
import { takeAccountName, takeStoredInstant } from '../accounts/convert-account.js';
import { type Coupon, couponName, parseCouponName } from './coupon.js';
import type { CreateCouponInput } from './create-coupon.js';
import type { Redeemed } from './redeem-coupon.js';

export function fromProtoCreateCoupon(request: CreateCouponRequest, caller: string): CreateCouponInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const { coupon } = request;
    const validFrom = takeStoredInstant('coupon.valid_from', coupon?.validFrom, take);
    const validUntil = takeStoredInstant('coupon.valid_until', coupon?.validUntil, take);
    if (validFrom !== undefined && validUntil !== undefined && validUntil <= validFrom)
      take('coupon.valid_until', refused('is not after valid_from'), '');
    return {
      coupon: {
        code: take('coupon.name', parseCouponName(coupon?.name ?? ''), ''),
        validFrom,
        validUntil,
        maxRedemptions: take('coupon.max_redemptions', parseMost(coupon?.maxRedemptions ?? 0n), undefined),
      },
      request: requestKey(request, caller, complain),
    };
  });
}

function parseMost(most: bigint): Parsed<number | undefined> {
  if (most === 0n) return parsed(undefined);
  if (most > 0n && most <= 999_999_999n) return parsed(Number(most));
  return refused(`${most} is not a number of accounts; send 1 to 999999999, or 0 for any number`);
}

export function fromProtoCouponName(name: string): string {
  return readRequest((complain) => taking(complain)('name', parseCouponName(name), ''));
}

export function fromProtoRedeemCoupon({ name, account }: RedeemCouponRequest): {
  readonly code: string;
  readonly account: string;
} {
  return readRequest((complain) => {
    const take = taking(complain);
    return {
      code: take('name', parseCouponName(name), ''),
      account: takeAccountName('account', account, take),
    };
  });
}

export function toProtoCoupon(coupon: Coupon): MessageInitShape<typeof CouponSchema> {
  const { code, validFrom, validUntil, maxRedemptions, redemptions } = coupon;
  return {
    name: couponName(code),
    ...(validFrom === undefined ? {} : { validFrom: toTimestamp(validFrom) }),
    ...(validUntil === undefined ? {} : { validUntil: toTimestamp(validUntil) }),
    maxRedemptions: BigInt(maxRedemptions ?? 0),
    redemptions: BigInt(redemptions),
  };
}

export function toProtoRedeemed({
  coupon,
  at,
}: Redeemed): MessageInitShape<typeof RedeemCouponResponseSchema> {
  return { coupon: toProtoCoupon(coupon), redeemedAt: toTimestamp(at) };
}
