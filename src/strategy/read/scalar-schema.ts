import * as z from 'zod';
import { atLeast, atMost, greaterThan, lessThan } from '../../money/compare.js';
import {
  type Decimal,
  HUNDRED,
  ZERO,
  decimal,
  formatDecimal,
  isWhole,
  parseDecimal,
  toNumber,
} from '../../money/decimal.js';
import type { Operand } from '../../pricing/price.js';
import { WINDOWS } from '../../time/window.js';

/**
 * The leaves of the document's schema. What is read is the text of the source, so a schema here takes a text and gives a
 * value; `scalar` tells the JSON Schema that an editor may see a number or a boolean in its place.
 */

export const text = z.string().min(1).max(1000);
export const anyText = z.string().meta({ scalar: 'any' });

/** An id that a person types and a URL, a fact name and a file name can hold. */
const ID = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
export const id = z.string().regex(ID, {
  error: ({ input }) =>
    `\`${String(input)}\` is no id; a letter, then up to 62 letters, digits, - and _ were expected.`,
});

export function isId(name: string): boolean {
  return ID.test(name);
}

export const flag = z
  .enum(['true', 'false'])
  .transform((written) => written === 'true')
  .meta({ scalar: 'boolean' });

export const number = z
  .string()
  .transform((written, context): Decimal => {
    const value = parseDecimal(written);
    if (value.ok) return value.value;
    context.addIssue({ code: 'custom', message: `${capitalize(value.why)}.` });
    return z.NEVER;
  })
  .meta({ scalar: 'number' });

export const wholeNumber = numberThat('a whole number from 1 to 999999999', (value) => {
  return isWhole(value) && greaterThan(value, ZERO) && lessThan(value, decimal(1_000_000_000));
}).transform((value) => toNumber(value));

export const positiveNumber = numberThat('a number above 0', (value) => greaterThan(value, ZERO));

function numberThat(expected: string, holds: (value: Decimal) => boolean) {
  return number.superRefine((value, context) => {
    if (!holds(value)) context.addIssue({ code: 'custom', message: outOfRange(value, expected) });
  });
}

const written = number.transform((value): Operand => ({ kind: 'number', value }));
const factRef = z
  .strictObject({ fact: text.describe('Name of a fact.') })
  .meta({ title: 'a fact reference' });
const fromFact = factRef.transform(({ fact }): Operand => ({ kind: 'fact', fact }));

/** A number, or the fact that holds it. */
export const operand = z.union([written, fromFact]).meta({ expected: 'a number or `{ fact: name }`' });
export const positive = operandThat('a number above 0', (value) => greaterThan(value, ZERO));
export const notNegative = operandThat('0 or a number above', (value) => atLeast(value, ZERO));
export const percentage = operandThat(
  'a percentage from 0 to 100',
  (value) => atLeast(value, ZERO) && atMost(value, HUNDRED),
);

function operandThat(expected: string, holds: (value: Decimal) => boolean) {
  return operand.superRefine((value, context) => {
    if (value.kind === 'fact' || holds(value.value)) return;
    context.addIssue({ code: 'custom', message: outOfRange(value.value, expected) });
  });
}

function outOfRange(value: Decimal, expected: string): string {
  return `${formatDecimal(value)} stands here; ${expected} was expected.`;
}

/** What is counted: the name of a fact, or a number. */
export const quantity = z
  .union([
    fromFact,
    z.string().transform((source, context): Operand => {
      if (!/^[+.\d-]/.test(source)) return { kind: 'fact', fact: source };
      const value = parseDecimal(source);
      if (value.ok) return { kind: 'number', value: value.value };
      context.addIssue({ code: 'custom', message: `${capitalize(value.why)}.` });
      return z.NEVER;
    }),
  ])
  .meta({ scalar: 'quantity', expected: 'the name of a fact, or a number' });

export const factName = z
  .union([factRef.transform(({ fact }) => fact), text])
  .meta({ expected: 'the name of a fact' });
export const factReference = factRef;
export const window = z.enum(WINDOWS);
export const windowOrNever = z.enum([...WINDOWS, 'never']);
export const roundingMode = z.enum(['half_up', 'half_even', 'up', 'down']);

export function capitalize(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
