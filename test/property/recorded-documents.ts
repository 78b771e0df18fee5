import fc from 'fast-check';
import type { Document } from '../quote/priced.js';
import { cents, price, some } from './quote-documents.js';

const tiers = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    first: cents(2000),
    second: cents(2000),
    flat: some(cents(500)),
  })
  .map(({ width, first, second, flat }) => [{ up_to: width, percent: first, flat }, { percent: second }]);

/** Prices of money that comes with the event. */
const ofMoney = (of: string): fc.Arbitrary<Document> =>
  fc.oneof(
    fc.record({
      model: fc.constant('percentage'),
      of: fc.constant(of),
      percent: cents(2000),
      fixed: some(cents(200)),
      free_events: some(fc.integer({ min: 0, max: 3 })),
      free_amount: some(fc.integer({ min: 0, max: 30 })),
      minimum: some(cents(100)),
      maximum: some(fc.integer({ min: 100, max: 1000 }).map((value) => value / 100)),
    }),
    fc.record({
      model: fc.constantFrom('graduated_percentage', 'volume_percentage'),
      of: fc.constant(of),
      tiers,
      maximum: some(cents(5000)),
    }),
    fc.record({ model: fc.constant('dynamic'), of: fc.constant(of), multiplier: cents(2000) }),
  );

/** A price of any model, with any way to start again, to round, and to share what bounds it. */
export const anyPrice = (quantity: string): fc.Arbitrary<Document> =>
  fc
    .record({
      own: fc.oneof({ weight: 2, arbitrary: price(quantity) }, { weight: 1, arbitrary: ofMoney(quantity) }),
      resets: fc.constantFrom('month', 'day', 'never', 'each'),
      group_by: fc.constantFrom(undefined, ['team']),
      round_quantity: some(
        fc.record({ to: fc.integer({ min: 1, max: 5 }), mode: fc.constant('up'), each: fc.boolean() }),
      ),
      round_rating: some(
        fc.record({
          to: fc.constantFrom(0.01, 0.25),
          mode: fc.constantFrom('half_up', 'half_even', 'up', 'down'),
        }),
      ),
      shares: fc.boolean(),
    })
    .map(({ own, shares, ...rest }) => ({
      ...own,
      ...rest,
      ...(shares && sharedBounds(own, rest.group_by)),
    }));

/** Free units and a maximum that the prices of the document share, where they go by the same groups. */
function sharedBounds({ model, free, maximum }: Document, groups: readonly string[] = []): Document {
  const own = (name: string) => ({ per: 'week', counter: [name, ...groups].join('-') });
  return {
    ...(free !== undefined && { free: { quantity: 5, ...own('free') } }),
    ...(maximum !== undefined && model !== 'percentage' && { maximum: { amount: 20, ...own('most') } }),
  };
}

/** A price whose ratings add up to its total: none of its numbers goes by the order of the uses. */
export const totalPrice = (quantity: string): fc.Arbitrary<Document> =>
  anyPrice(quantity).map((any) => {
    if (any.model === 'percentage') return { model: 'dynamic', of: quantity, multiplier: 3 };
    return { ...any, resets: undefined, group_by: undefined, round_rating: undefined };
  });
