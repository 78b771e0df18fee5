import * as z from 'zod';
import { WINDOWS } from '../../time/window.js';
import {
  factName,
  flag,
  id,
  notNegative,
  operand,
  positive,
  quantity,
  roundingMode,
  text,
  window,
  windowOrNever,
} from './scalar-schema.js';

const ownBound = {
  per: windowOrNever.optional().describe('The window of this bound; the period unless given.'),
  counter: id.optional().describe('Prices that name the same counter share this bound.'),
};

const free = z
  .union([
    notNegative,
    z.strictObject({ quantity: notNegative, ...ownBound }).meta({ title: 'a free quantity' }),
  ])
  .meta({ expected: 'a number or a map with `quantity`' })
  .describe('Units that cost nothing.');

const maximum = z
  .union([
    notNegative,
    z.strictObject({ amount: notNegative, ...ownBound }).meta({ title: 'a maximum amount' }),
  ])
  .meta({ expected: 'a number or a map with `amount`' })
  .describe('Most that the price costs in its window.');

const roundQuantity = z
  .strictObject({
    to: positive.describe('The step to round to.'),
    mode: z.enum(['up', 'down', 'half_up']).default('up').describe('Which way.'),
    each: flag.default(false).describe('Round each usage instead of the running total.'),
  })
  .meta({ title: 'round_quantity' });

const roundRating = z
  .strictObject({
    to: positive.describe('The step to round to.'),
    mode: roundingMode.default('half_up').describe('Which way.'),
  })
  .meta({ title: 'round_rating' });

const percentile = z
  .string()
  .regex(/^(sum|max|average|p([1-9]|[1-9]\d|100))$/, {
    error: ({ input }) =>
      `\`${String(input)}\` stands here; \`sum\`, \`max\`, \`average\` or a percentile such as \`p95\` was expected.`,
  })
  .transform((over) => over as 'sum' | 'max' | 'average' | `p${number}`);

/** Keys that every price takes. */
const common = {
  description: text.optional().describe('For readers; changes no price.'),
  free: free.optional(),
  round_quantity: roundQuantity.optional().describe('Rounds the running total before anything else.'),
  round_rating: roundRating.optional().describe("Rounds each rating's amount."),
  group_by: z
    .array(factName)
    .min(1)
    .optional()
    .describe('Facts whose values each have a counter of their own.'),
  resets: z
    .enum(['period', ...WINDOWS, 'never', 'each'])
    .default('period')
    .describe('When the running total starts again from zero.'),
  counter: id.optional().describe('Prices that name the same counter share their running total.'),
  negative: flag.default(false).describe('Allows prices below zero, as for feed-in.'),
  aggregate: z
    .enum(['sum', 'count', 'max', 'last', 'unique', 'average'])
    .optional()
    .describe('How usages become one quantity.'),
  bucket: z
    .enum(['5m', '15m', '30m', 'hour', 'day'])
    .optional()
    .describe('Aggregates within stretches of this length.'),
  over: percentile.optional().describe('Joins the buckets into one quantity.'),
  bill: z.enum(['advance', 'arrears']).default('advance').describe('When a period is charged.'),
  prorate: z.enum(['days', 'seconds', 'none']).default('days').describe('How a part of a period is charged.'),
  period: window.optional().describe("A period other than the document's."),
  anchor: z.enum(['calendar', 'subscription']).default('calendar').describe('Where periods start.'),
};

const bounds = {
  minimum: notNegative
    .optional()
    .describe(
      'Least that a window with usage costs: topped up when it closes, each use at once with `resets: each`.',
    ),
  maximum: maximum.optional(),
};
const counted = { quantity: quantity.describe('What is counted: a fact or a number.'), ...bounds };
const amount = { of: factName.describe('The fact that holds the amount of money.'), ...bounds };

const upTo = positive.optional().describe('Last unit of this tier; left out on the last one.');
const tier = z
  .strictObject({
    up_to: upTo,
    unit_price: operand.optional().describe('Price of `per` units; 0 unless given.'),
    per: positive.optional().describe('Units that unit_price is for; 1 unless given.'),
    flat: operand.optional().describe('Charged once when the tier is entered.'),
    block: positive.optional().describe('Units charged in this tier are rounded up to a multiple of it.'),
    maximum: notNegative.optional().describe('Most that this tier costs.'),
  })
  .meta({ title: 'a tier' });
const percentTier = z
  .strictObject({
    up_to: upTo,
    percent: operand.describe('Percent of the amount in this tier.'),
    flat: operand.optional().describe('Charged once when the tier is entered.'),
  })
  .meta({ title: 'a tier' });

const model = <const M extends string, S extends z.ZodRawShape>(name: M, shape: S) =>
  z
    .strictObject({
      model: z.literal(name).describe('How the price computes.'),
      ...shape,
      ...common,
    })
    .meta({ title: `a ${name} price` });

export const priceSchema = z.discriminatedUnion('model', [
  model('flat', { amount: operand.describe('Charged each time.'), ...bounds }),
  model('per_unit', {
    unit_price: operand.describe('Price of `per` units.'),
    per: positive.optional().describe('Units that unit_price is for; 1 unless given.'),
    ...counted,
  }),
  model('graduated', { tiers: z.array(tier).min(1).describe('Each unit at its own tier.'), ...counted }),
  model('volume', {
    tiers: z.array(tier).min(1).describe('All units at the tier that the total reaches.'),
    ...counted,
  }),
  model('package', {
    size: positive.describe('Units in one package.'),
    price: operand.describe('Price of one package.'),
    partial: z.enum(['up', 'down']).default('up').describe('Whether a started package is charged.'),
    ...counted,
  }),
  model('percentage', {
    ...amount,
    percent: operand.describe('Percent of the amount.'),
    fixed: operand.optional().describe('Added to each event that pays.'),
    free_events: notNegative.optional().describe('Events that cost nothing.'),
    free_amount: notNegative.optional().describe('Amount that costs nothing.'),
    minimum: notNegative.optional().describe('Least that an event which pays costs.'),
    maximum: notNegative.optional().describe('Most that an event which pays costs.'),
  }),
  model('graduated_percentage', { tiers: z.array(percentTier).min(1), ...amount }),
  model('volume_percentage', { tiers: z.array(percentTier).min(1), ...amount }),
  model('dynamic', {
    multiplier: operand.optional().describe('1 unless given.'),
    ...amount,
  }),
]);

export type PriceSource = z.output<typeof priceSchema>;
