import * as z from 'zod';
import { flag, id, notNegative, percentage, positive, number, text, wholeNumber } from './scalar-schema.js';
import { atLeast, lessThan } from '../../money/compare.js';
import { ONE, decimal, formatDecimal, isWhole, isZero, toNumber } from '../../money/decimal.js';
import { MOMENTS } from '../strategy.js';

/** Written out as it is in ISO 8601: years to days, then hours to seconds; at least one of them. */
const DURATION =
  /^P(?=[\dT])(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,7}S)?)?$/;

const lines = z.array(text).min(1).optional();
const label = text.optional().describe("On the bill; the rule's name unless given.");
const ofLines = lines.describe('Names of lines; all of them unless given.');

const params = {
  charge: z.strictObject({
    price: text.describe('Id of a price.'),
    line: id.optional().describe("Position on the bill; the price's id unless given."),
  }),
  discount: z.strictObject({
    percent: percentage.optional().describe('Percent off.'),
    amount: notNegative.optional().describe('Money off.'),
    free_quantity: notNegative.optional().describe('Units for free.'),
    of: ofLines,
    label,
    exclusive: flag.default(false).describe('Beats all discounts that are not exclusive.'),
    times: wholeNumber
      .optional()
      .describe('At most so often an account, in all its subscriptions to the strategy.'),
  }),
  surcharge: z.strictObject({
    percent: notNegative.optional().describe('Percent on top.'),
    amount: notNegative.optional().describe('Money on top.'),
    of: ofLines,
    line: id.optional().describe('Position on the bill.'),
    label,
  }),
  reject: z.strictObject({
    code: id.describe('For programs.'),
    message: text.describe('For people.'),
  }),
  grant: z.strictObject({
    amount: positive.optional().describe('Money granted.'),
    units: positive.optional().describe('Units granted.'),
    of: lines.describe('Prices that it pays for; all unless given.'),
    expires: z
      .string()
      .regex(DURATION, {
        error: ({ input }) => `\`${String(input)}\` is no ISO 8601 duration; one such as P90D was expected.`,
      })
      .optional()
      .describe(
        'How long it lasts, an ISO 8601 duration; what a period gives lasts as long as the period unless given.',
      ),
    priority: wholeNumber.default(1).describe('The lowest is used first.'),
    roll_over: flag
      .default(false)
      .describe('What is left stays for the next period and those after it, up to `expires` if given.'),
  }),
  minimum: z.strictObject({
    amount: notNegative,
    of: ofLines,
    label,
    overage_factor: positive.optional().describe('Factor for what exceeds the minimum.'),
    prorate: z.literal('days').optional().describe('For a part of a period, the same part of the amount.'),
    measure: z.literal('gross').optional().describe('Look at lines before discounts.'),
  }),
  maximum: z.strictObject({ amount: notNegative, of: ofLines, label }),
  tax: z.strictObject({
    percent: percentage.describe('Rate of the tax.'),
    label,
    of: ofLines,
    included: flag.default(false).describe('The lines contain the tax already.'),
  }),
};

const event = <const T extends string, P extends z.ZodObject>(type: T, its: P) =>
  z
    .strictObject({
      type: z.literal(type).describe('What happens.'),
      params: its.meta({ title: `the params of a ${type}` }),
    })
    .meta({ title: 'an event' });

const eventSchema = z.discriminatedUnion('type', [
  event('charge', params.charge),
  event('discount', params.discount),
  event('surcharge', params.surcharge),
  event('reject', params.reject),
  event('grant', params.grant),
  event('minimum', params.minimum),
  event('maximum', params.maximum),
  event('tax', params.tax),
]);

const priority = number
  .superRefine((value, context) => {
    if (isWhole(value) && atLeast(value, ONE) && lessThan(value, decimal(1_000_000_000))) return;
    const message = `${formatDecimal(value)} stands here; a whole number from 1 on was expected.`;
    const hint = isZero(value) ? 'the engine takes a priority of 0 for 1; leave it out' : '';
    context.addIssue({ code: 'custom', message, params: { hint } });
  })
  .transform((value) => toNumber(value));

export const ruleSchema = z
  .strictObject({
    name: text.describe('Unique within the document.'),
    description: text.optional().describe('For readers; changes no price.'),
    moment: z.enum(MOMENTS).default('usage').describe('When the rule is looked at.'),
    priority: priority.default(1).describe('On one line the highest wins.'),
    conditions: z
      .unknown()
      .optional()
      .meta({ scalar: 'condition' })
      .describe('When it matches; always unless given.'),
    event: eventSchema,
  })
  .meta({ title: 'a rule' });

export type RuleSource = z.output<typeof ruleSchema>;
export type EventSource = z.output<typeof eventSchema>;
