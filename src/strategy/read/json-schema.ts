import * as z from 'zod';
import { documentSchema } from './document-schema.js';
import { LEAF_KEYS } from './leaf.js';
import { OPERATORS } from '../strategy.js';

export type JsonSchema = { readonly [key: string]: unknown };

const factReference: JsonSchema = {
  type: 'object',
  properties: { fact: { type: 'string', description: 'Name of the other fact.' } },
  required: ['fact'],
  additionalProperties: false,
};

/** What an editor may see where the reader takes a scalar's text. */
const WRITTEN: Readonly<Record<string, JsonSchema>> = {
  number: { type: ['number', 'string'] },
  boolean: { type: ['boolean', 'string'], enum: [true, false, 'true', 'false'] },
  quantity: { anyOf: [{ type: ['number', 'string'] }, factReference] },
  any: {},
  condition: { $ref: '#/$defs/condition' },
};

const scalar: JsonSchema = { type: ['string', 'number', 'boolean'] };

/** The grammar of conditions, which the reader takes apart by hand to say more about what is wrong. */
const condition: JsonSchema = {
  description: 'One of all, any, not and condition, or a comparison.',
  anyOf: [
    group('all', 'All of them hold.', { type: 'array', items: { $ref: '#/$defs/condition' }, minItems: 1 }),
    group('any', 'At least one of them holds.', {
      type: 'array',
      items: { $ref: '#/$defs/condition' },
      minItems: 1,
    }),
    group('not', 'It does not hold.', { $ref: '#/$defs/condition' }),
    group('condition', 'Name of a condition of this document.', { type: 'string' }),
    {
      type: 'object',
      properties: {
        fact: { type: 'string', description: 'Name of the fact that is compared.' },
        operator: {
          type: 'string',
          description: 'How; decorators such as not: or someFact: go before it.',
          pattern: `^((someFact|someValue|everyFact|everyValue|swap|not):)*(${OPERATORS.join('|')})$`,
          examples: OPERATORS,
        },
        value: {
          description: 'What it is compared with.',
          anyOf: [scalar, { type: 'array', items: scalar, minItems: 1 }, factReference],
        },
      },
      required: LEAF_KEYS,
      additionalProperties: false,
    },
  ],
};

function group(key: string, description: string, value: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { [key]: { ...value, description } },
    required: [key],
    additionalProperties: false,
  };
}

/** The JSON Schema (draft 2020-12) of a strategy document, from the schemas that the reader itself uses. */
export function strategyJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(documentSchema, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      relax(jsonSchema);
    },
  });
  return { ...schema, $defs: { ...schema.$defs, condition } };
}

/** Replaces what the reader knows of a scalar, its text, by what may be written. */
function relax(schema: Record<string, unknown>): void {
  const written = typeof schema['scalar'] === 'string' ? WRITTEN[schema['scalar']] : undefined;
  delete schema['expected'];
  delete schema['scalar'];
  if (written === undefined) return;
  for (const key of Object.keys(schema)) if (key !== 'description') Reflect.deleteProperty(schema, key);
  Object.assign(schema, written);
}
