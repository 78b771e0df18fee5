import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { Instant } from '../../../time/instant.js';

/** A code that accounts may redeem, and that rules then see. */
export type Coupon = {
  readonly code: string;
  /** Undefined: since ever. */
  readonly validFrom: Instant | undefined;
  /** The first instant at which it does not hold; undefined: for ever. */
  readonly validUntil: Instant | undefined;
  /** How many accounts may redeem it; undefined: any number. */
  readonly maxRedemptions: number | undefined;
  /** How many have. */
  readonly redemptions: number;
};

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME = /^coupons\/([^/]+)$/;

/** `coupons/SPRING26` */
export function couponName(code: string): string {
  return `coupons/${code}`;
}

/** The code in `coupons/SPRING26`. Codes are told apart by their letters as they are, capital or not. */
export function parseCouponName(name: string): Parsed<string> {
  const [, code = ''] = NAME.exec(name) ?? [];
  if (CODE.test(code)) return parsed(code);
  return refused(
    `${JSON.stringify(name.slice(0, 100))} is not coupons/CODE with a code of 1 to 64 letters, digits, dots, hyphens and underscores`,
  );
}
