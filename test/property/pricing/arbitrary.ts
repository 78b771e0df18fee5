import fc from 'fast-check';
import { type Decimal, decimal, unitOf } from '../../../src/money/decimal.js';
import { times } from '../../../src/money/arithmetic.js';
import type { Model, PercentTier, Price, Tier } from '../../../src/pricing/price.js';
import { priceOf } from '../../pricing/build.js';

const integer = (min: number, max: number) => fc.integer({ min, max }).map((value) => decimal(value));
const money = fc.integer({ min: 0, max: 2000 }).map((cents) => times(decimal(cents), unitOf(2)));
const per = fc.constantFrom(...['1', '3', '7', '60', '1000', '1000000'].map(decimal));
const maybe = (value: fc.Arbitrary<Decimal>) => fc.option(value, { nil: undefined, freq: 2 });

/** Tiers of 1 to 12 blocks each, so that a tier holds whole blocks; the last has no bound. */
const tiers: fc.Arbitrary<readonly Tier<Decimal>[]> = fc
  .array(
    fc.record({
      blocks: fc.integer({ min: 1, max: 12 }),
      block: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      unitPrice: money,
      per,
      flat: fc.oneof(fc.constant(decimal(0)), money),
      maximum: maybe(money),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) => {
    let bound = 0;
    return drawn.map(({ blocks, block, ...tier }, i) => {
      bound += blocks * (block ?? 1);
      const upTo = i === drawn.length - 1 ? undefined : decimal(bound);
      return { ...tier, upTo, block: block === undefined ? undefined : decimal(block) };
    });
  });

const percentTiers: fc.Arbitrary<readonly PercentTier<Decimal>[]> = tiers.map((drawn) =>
  drawn.map(({ upTo, unitPrice, flat }) => ({ upTo, percent: unitPrice, flat })),
);

const models: fc.Arbitrary<Model<Decimal>> = fc.oneof(
  fc.record({ kind: fc.constant('flat' as const), amount: money }),
  fc.record({ kind: fc.constant('per_unit' as const), unitPrice: money, per }),
  fc.record({ kind: fc.constantFrom('graduated' as const, 'volume' as const), tiers }),
  fc.record({
    kind: fc.constant('package' as const),
    size: integer(1, 9),
    price: money,
    partial: fc.constantFrom('up' as const, 'down' as const),
  }),
  fc.record({
    kind: fc.constantFrom('graduated_percentage' as const, 'volume_percentage' as const),
    tiers: percentTiers,
  }),
  fc.record({ kind: fc.constant('dynamic' as const), multiplier: money }),
);

/** Prices of every model that prices a total, with any of the bounds in their short form. */
export const prices: fc.Arbitrary<Price<Decimal>> = fc
  .record({ model: models, free: maybe(integer(0, 15)), maximum: maybe(money), step: maybe(integer(1, 5)) })
  .map(({ model, free, maximum, step }) =>
    priceOf(model, {
      free: free && { quantity: free },
      maximum: maximum && { amount: maximum },
      roundQuantity: step && { to: step, mode: 'up', each: false },
    }),
  );

/** The same price, its bounds counted by counters of their own. */
export function withOwnCounters(price: Price<Decimal>): Price<Decimal> {
  const own = { per: 'month', counter: 'bound' } as const;
  const { free, maximum } = price;
  return { ...price, free: free && { ...free, own }, maximum: maximum && { ...maximum, own } };
}

export const quantities = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });

export const percentages: fc.Arbitrary<Extract<Model<Decimal>, { kind: 'percentage' }>> = fc.record({
  kind: fc.constant('percentage' as const),
  percent: money,
  fixed: money,
  freeEvents: maybe(integer(0, 4)),
  freeAmount: maybe(integer(0, 60)),
  minimum: maybe(money),
  maximum: maybe(money),
});
