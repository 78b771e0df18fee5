import assert from 'node:assert/strict';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CouponSchema } from '../../../../src/gen/ratebook/v1/account_pb.js';
import { refusal } from '../../../platform/grpc/serving.js';
import { stamp } from '../recording/recording.js';
import { type Rating, openRating } from '../rating.js';

/** One unit costs 1.00, and half of it with the coupon HALF, for the first two uses. */
const WELCOME = `
strategy: welcome
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
  account.coupons: { type: list, optional: true }
prices: { units: { model: per_unit, quantity: units, unit_price: 1 } }
rules:
  - name: units
    event: { type: charge, params: { price: units } }
  - name: half
    conditions: { all: [ { fact: account.coupons, operator: contains, value: HALF } ] }
    event: { type: discount, params: { percent: 50, times: 2 } }
`;

describe('services/rating: coupons', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRating();
    await rating.catalog.client.publishRevision({
      source: { fileName: 'welcome.yaml', text: WELCOME },
      effectiveFrom: stamp('2026-01-01T00:00:00Z'),
    });
    for (const id of ['a', 'b', 'c']) {
      await rating.accounts.createAccount({ account: { name: `accounts/${id}`, currency: 'USD' } });
      const subscription = { name: `accounts/${id}/subscriptions/main`, strategy: 'strategies/welcome' };
      await rating.accounts.createSubscription({ subscription });
    }
  });
  after(() => rating.close());

  const create = (code: string, more: MessageInitShape<typeof CouponSchema> = {}) =>
    rating.accounts.createCoupon({ coupon: { name: `coupons/${code}`, ...more } });
  const redeem = (code: string, account: string) =>
    rating.accounts.redeemCoupon({ name: `coupons/${code}`, account: `accounts/${account}` });
  const redemptions = async (code: string) =>
    Number((await rating.accounts.getCoupon({ name: `coupons/${code}` })).coupon?.redemptions);
  const rate = async (account: string, usageId: string) => {
    const { outcome } = await rating.client.rateUsage({
      usage: {
        account: `accounts/${account}`,
        usageId,
        strategy: 'strategies/welcome',
        occurredAt: { seconds: rating.catalog.clock.now() / 1_000_000_000n, nanos: 0 },
        facts: { units: { kind: { case: 'decimalValue', value: '10' } } },
      },
    });
    return outcome?.outcome.case === 'rated' ? outcome.outcome.value.amount : outcome?.outcome.case;
  };

  it('is seen by rules from when it is redeemed on, and discounts as often as they say', async () => {
    await create('HALF');
    assert.equal(await rate('a', '1'), '10');
    await redeem('HALF', 'a');
    assert.deepEqual([await rate('a', '2'), await rate('a', '3'), await rate('a', '4')], ['5', '5', '10']);
    assert.equal(await rate('b', '1'), '10');
  });

  it('counts each account once, and for as many accounts as it says', async () => {
    await create('TWO', { maxRedemptions: 2n });
    const first = await redeem('TWO', 'a');
    assert.deepEqual(await redeem('TWO', 'a'), first);
    await redeem('TWO', 'b');
    await assert.rejects(redeem('TWO', 'c'), refusal('COUPON_NOT_VALID', /was for 2 accounts/));
    assert.equal(await redemptions('TWO'), 2);
  });

  it('is redeemed at once by many accounts no more often than it may', async () => {
    await create('ONE', { maxRedemptions: 1n });
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((id) => redeem('ONE', id)));
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(await redemptions('ONE'), 1);
  });

  for (const [what, refused, reason, words] of [
    ['a code that is taken', () => create('HALF'), 'COUPON_EXISTS', /"HALF"/],
    ['one that does not hold yet', () => redeem('LATER', 'a'), 'COUPON_NOT_VALID', /holds from 2100/],
    ['one that holds no more', () => redeem('PAST', 'a'), 'COUPON_NOT_VALID', /held until 2000/],
    ['one that is not there', () => redeem('NONE', 'a'), 'COUPON_NOT_FOUND', /"NONE"/],
    ['an account that is not there', () => redeem('HALF', 'nobody'), 'ACCOUNT_NOT_FOUND', /"nobody"/],
    ['a code with a blank', () => create('A B'), 'INVALID_REQUEST', /coupon.name/],
    [
      'an end before its start',
      () =>
        create('X', { validFrom: stamp('2026-02-01T00:00:00Z'), validUntil: stamp('2026-01-01T00:00:00Z') }),
      'INVALID_REQUEST',
      /coupon.valid_until/,
    ],
    [
      'less than none',
      () => create('X', { maxRedemptions: -1n }),
      'INVALID_REQUEST',
      /coupon.max_redemptions/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await create('LATER', { validFrom: stamp('2100-01-01T00:00:00Z') }).catch(() => undefined);
      await create('PAST', { validUntil: stamp('2000-01-01T00:00:00Z') }).catch(() => undefined);
      await assert.rejects(refused(), refusal(reason, words));
    });
  }
});
