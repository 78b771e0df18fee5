import * as z from 'zod';
import { number, text } from '../strategy/read/scalar-schema.js';
import { MOMENTS } from '../strategy/strategy.js';

/** The structure of a case. What its facts mean is checked when it runs, as for any other quote. */

const factValue = z.union([z.string(), z.array(z.string())]);
const facts = named(factValue);
const amounts = named(number);

/** A map by names that a person chose. `z.record` passes over one of them without a word, and no fact may go unseen. */
function named<T extends z.ZodType>(value: T) {
  return z
    .unknown()
    .superRefine((map, context) => {
      if (typeof map !== 'object' || map === null || !Object.hasOwn(map, '__proto__')) return;
      context.addIssue({ code: 'custom', message: '`__proto__` is no name of a fact, price or line.' });
    })
    .pipe(z.record(z.string(), value));
}

const expectedLine = z.strictObject({
  rule: text.optional(),
  price: text.optional(),
  quantity: number.optional(),
  amount: number.optional(),
  net: number.optional(),
});
/** An amount alone, as the short form of all that can be expected. */
const lineAmount = number.transform((amount) => ({ amount }));
const expectedAmount = z.union([
  number,
  z.strictObject({ amount: number }).transform(({ amount }) => amount),
]);

const expectation = z
  .strictObject({
    amount: number.optional(),
    amounts: z.array(number).optional(),
    total: number.optional(),
    currency: text.optional(),
    lines: z.record(z.string(), z.union([expectedLine, lineAmount, z.null()])).optional(),
    discounts: z.record(z.string(), expectedAmount).optional(),
    taxes: z.record(z.string(), expectedAmount).optional(),
    grants: amounts.optional(),
    error: text.optional(),
  })
  .meta({ title: 'an expectation' });

/** What a case and a facts file have in common: everything that is asked. */
const askedShape = {
  moment: z.enum(MOMENTS).optional(),
  facts: facts.optional(),
  usage: z.array(facts).min(1).optional(),
  used: amounts.optional(),
  totals: amounts.optional(),
  lines: amounts.optional(),
  subscription: facts.optional(),
};

export const askedSchema = z.strictObject(askedShape).meta({ title: 'a quote input' });
export const caseSchema = z
  .strictObject({ name: text, description: z.string().optional(), ...askedShape, expect: expectation })
  .meta({ title: 'a case' });

export type Asked = z.infer<typeof askedSchema>;
export type CaseSource = z.infer<typeof caseSchema>;
