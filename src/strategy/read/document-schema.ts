import * as z from 'zod';
import { atLeast, lessThan } from '../../money/compare.js';
import { ZERO, decimal, formatDecimal, isWhole, toNumber } from '../../money/decimal.js';
import { isCurrency } from '../../money/currency.js';
import { isTimeZone } from '../../time/zone.js';
import { nearest } from '../../errors/nearest.js';
import { priceSchema } from './price-schema.js';
import { ruleSchema } from './rule-schema.js';
import {
  anyText,
  factName,
  factReference,
  flag,
  number,
  operand,
  positiveNumber,
  quantity,
  roundingMode,
  text,
  window,
} from './scalar-schema.js';
import { FACT_TYPES } from '../strategy.js';
import { STRATEGY_ID } from '../revision-name.js';

const description = text.optional().describe('For readers; changes no price.');
const values = z.array(anyText).min(1);

export const factSchema = z
  .strictObject({
    type: z.enum(FACT_TYPES).describe('Type of its values.'),
    one_of: values.optional().describe('The values it may have.'),
    min: text.optional().meta({ scalar: 'any' }).describe('Least value.'),
    max: text.optional().meta({ scalar: 'any' }).describe('Greatest value.'),
    unit: text.optional().describe('For readers: token, GB, minute.'),
    default: z
      .union([anyText, z.array(anyText)])
      .meta({ scalar: 'any', expected: 'a value or a list' })
      .optional()
      .describe('Stands in when the fact is not sent.'),
    optional: flag.default(false).describe('It need not be sent; a condition on it is false then.'),
    billable: flag.default(false).describe('Above 0 and charged by no rule, it is NO_PRICE.'),
    lasts: z
      .enum(['second', 'minute', 'hour', 'day'])
      .optional()
      .describe(
        'The usage lasts so many of these from occurred_at on, and is priced in pieces where the local time that rules read changes or a window ends.',
      ),
    description,
  })
  .meta({ title: 'a fact' });

const cell = z
  .union([z.string(), z.null(), factReference])
  .meta({ scalar: 'any', expected: 'a value or `{ fact: name }`' });

export const lookupSchema = z
  .strictObject({
    by: z.array(factName).min(1).describe('The facts that are the keys.'),
    match: z
      .enum(['exact', 'longest_prefix', 'up_to'])
      .default('exact')
      .describe('How the last key is compared.'),
    type: z.enum(FACT_TYPES).describe('Type of the value found.'),
    rows: z
      .union([text, z.array(z.array(cell)).min(1)])
      .meta({ expected: 'a list of rows, or the name of a CSV file' })
      .describe('Rows, or the name of a CSV file.'),
    value: text.optional().describe('Header of the CSV column that holds the value.'),
    otherwise: z
      .union([z.string(), factReference])
      .meta({ scalar: 'any', expected: 'a value or `{ fact: name }`' })
      .optional()
      .describe('When no row matches.'),
    description,
  })
  .meta({ title: 'a lookup' });

const terms = z.array(quantity).min(1).optional();

export const deriveSchema = z
  .strictObject({
    sum: terms.describe('All of them added.'),
    difference: terms.describe('The first less all others.'),
    product: terms.describe('All of them multiplied.'),
    greatest: terms.describe('The greatest of them.'),
    least: terms.describe('The least of them.'),
    min: operand.optional().describe('Least value.'),
    max: operand.optional().describe('Greatest value.'),
    round: z
      .strictObject({ to: positiveNumber, mode: roundingMode.default('half_up') })
      .meta({ title: 'round' })
      .optional()
      .describe('Rounds to a multiple of `to`.'),
    description,
  })
  .meta({ title: 'a derived fact' });

const currencyCode = z.string().superRefine((code, context) => {
  if (isCurrency(code)) return;
  const upper = code.toUpperCase();
  const hint = code !== upper && isCurrency(upper) ? `did you mean \`${upper}\`?` : '';
  const message = `\`${code}\` is no currency of ISO 4217.`;
  context.addIssue({ code: 'custom', message, params: { hint } });
});

const timeZone = z.string().superRefine((name, context) => {
  if (isTimeZone(name)) return;
  const close = nearest(name, Intl.supportedValuesOf('timeZone'));
  const hint = close === undefined ? 'write one such as Europe/Berlin or UTC' : `did you mean \`${close}\`?`;
  context.addIssue({ code: 'custom', message: `\`${name}\` is no IANA time zone.`, params: { hint } });
});

const head = {
  strategy: z
    .string()
    .regex(STRATEGY_ID, {
      error: ({ input }) =>
        `\`${String(input)}\` is no id; a small letter, then 1 to 62 small letters, digits and - were expected.`,
    })
    .describe('Id of the strategy.'),
  title: text.optional().describe('For people; the id unless given.'),
  description,
  currency: z
    .union([
      currencyCode,
      z
        .strictObject({ fact: text, one_of: z.array(currencyCode).min(1) })
        .meta({ title: 'a currency by fact' }),
    ])
    .meta({ expected: 'a currency or `{ fact: name, one_of: [ ... ] }`' })
    .describe('ISO 4217, or a fact that names it.'),
  time_zone: timeZone.describe('IANA time zone of local_* facts and of all calendar windows.'),
  period: window.default('month').describe('What counters, subscriptions and invoices run on.'),
  rounding: roundingMode.default('half_up').describe("Of a bill's lines, to the minor unit."),
  late_limit: number
    .superRefine((days, context) => {
      if (isWhole(days) && atLeast(days, ZERO) && lessThan(days, decimal(100_000))) return;
      const message = `${formatDecimal(days)} stands here; a whole number of days from 0 to 99999 was expected.`;
      context.addIssue({ code: 'custom', message });
    })
    .transform((days) => toNumber(days))
    .optional()
    .describe('Days after a statement in which usage of its period is still taken; 90 unless given.'),
};

/** Names of the sections whose entries are read one by one, so that a fault in one hides none in another. */
export const SECTIONS = ['facts', 'lookups', 'derive', 'conditions', 'prices', 'rules', 'cases'] as const;
export type Section = (typeof SECTIONS)[number];

const anything = z.unknown().optional();
export const headSchema = z
  .strictObject({
    ...head,
    facts: anything,
    lookups: anything,
    derive: anything,
    conditions: anything,
    prices: anything,
    rules: anything,
    cases: anything,
  })
  .meta({ title: 'a strategy' });
export type Head = z.output<typeof headSchema>;

const condition = z.unknown().meta({ scalar: 'condition' });

/** The whole document, for editors: the reader takes it in parts. */
export const documentSchema = z
  .strictObject({
    ...head,
    facts: z.record(z.string(), factSchema).optional().describe('The typed input; other facts are refused.'),
    lookups: z.record(z.string(), lookupSchema).optional().describe('Facts found in tables.'),
    derive: z.record(z.string(), deriveSchema).optional().describe('Facts computed from others.'),
    conditions: z.record(z.string(), condition).optional().describe('Conditions that rules refer to.'),
    prices: z.record(z.string(), priceSchema).optional().describe('How amounts are computed.'),
    rules: z.array(ruleSchema).describe('Which price or adjustment applies, and when.'),
    cases: z
      .array(z.looseObject({ name: text }))
      .optional()
      .describe("The document's own tests."),
  })
  .meta({ title: 'Ratebook strategy' });
