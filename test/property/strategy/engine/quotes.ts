import fc from 'fast-check';
import type { GivenFact } from '../../../../src/quote/input.js';
import { formatFactValue } from '../../../../src/strategy/fact-value.js';
import { leavesOf } from '../../../../src/strategy/engine/matcher.js';
import { FACT_TYPES, type FactValue, type Strategy } from '../../../../src/strategy/strategy.js';
import { formatInstant } from '../../../../src/time/instant.js';
import { type Document, charge } from '../../../quote/priced.js';
import { exampleNames, readExample, rulesFile } from '../../../rules/example.js';
import { FACTS, LINES, documents } from '../../quote-documents.js';
import type { Drawn, Sent, Use } from './drawn.js';

/** What no fact may be, or not of this type, or only by its text. */
const anything: fc.Arbitrary<Sent> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    'NaN',
    'Infinity',
    '-0',
    '1.50',
    '1e400',
    '0x10',
    '12345678901234567',
    'true',
    '2026-02-30',
    '24:00',
  ),
  fc.constantFrom<readonly string[]>([], ['a'], ['1', '2']),
  fc.record({ text: fc.constantFrom('1', 'a', 'true', '2026-01-01'), type: fc.constantFrom(...FACT_TYPES) }),
  fc.constant({ instant: '2026-01-01T00:00:00Z' }),
);

/** A use with a few facts taken out, of a wrong kind, or that nobody knows. */
function spoiled(use: fc.Arbitrary<Use>): fc.Arbitrary<Use> {
  const spoil = fc.record({
    fact: fc.nat({ max: 20 }),
    to: fc.option(fc.oneof(anything, fc.constant('unknown' as const)), { nil: undefined }),
  });
  const spoils = fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(spoil, { minLength: 1, maxLength: 3 }), weight: 2 },
  );
  return fc.tuple(use, spoils).map(([whole, changes]) => {
    const facts = new Map(Object.entries(whole));
    for (const { fact, to } of changes) {
      const name = [...facts.keys()][fact % Math.max(1, facts.size)] ?? 'a';
      if (to === undefined) facts.delete(name);
      else if (to === 'unknown') facts.set(`${name}s`, '1');
      else facts.set(name, to);
    }
    return Object.fromEntries(facts);
  });
}

const BOUNDS = ['0', '0.0', '4.9', '5', '5.0', '10', '10.1', '20'];
const comparison: fc.Arbitrary<Document> = fc.oneof(
  fc.record({
    fact: fc.constantFrom(...LINES),
    operator: fc.constantFrom(
      'lessThan',
      'lessThanInclusive',
      'greaterThan',
      'greaterThanInclusive',
      'equal',
    ),
    value: fc.constantFrom(...BOUNDS, ...LINES.map((fact) => ({ fact }))),
  }),
  fc.record({
    fact: fc.constantFrom('tag'),
    operator: fc.constantFrom('in', 'notIn', 'not:in', 'everyValue:notEqual'),
    value: fc.constantFrom(['x'], ['x', 'y'], ['', 'z']),
  }),
  fc.record({
    fact: fc.constantFrom('local_hour', 'level'),
    operator: fc.constantFrom('lessThan', 'greaterThanInclusive', 'not:equal'),
    value: fc.constantFrom('0', '5', '9', '18', '23'),
  }),
);
const conditions: fc.Arbitrary<Document> = fc.oneof(
  fc
    .tuple(fc.constantFrom('all', 'any'), fc.array(comparison, { minLength: 1, maxLength: 3 }))
    .map(([group, of]) => ({ [group]: of })),
  comparison.map((of) => ({ not: of })),
);

/** Documents with prices, discounts and surcharges of any kind, whose rules have conditions and compete for a line. */
const invented: fc.Arbitrary<Drawn> = fc
  .record({
    document: documents,
    when: fc.array(fc.option(conditions, { nil: undefined }), { minLength: 8, maxLength: 8 }),
    also: fc.array(
      fc.record({
        price: fc.constantFrom(...LINES),
        line: fc.constantFrom(...LINES),
        priority: fc.integer({ min: 1, max: 3 }),
        conditions,
      }),
      { maxLength: 4 },
    ),
    uses: fc.array(
      spoiled(
        fc.record({
          a: fc.constantFrom(...BOUNDS),
          b: fc.constantFrom(...BOUNDS),
          c: fc.constantFrom(...BOUNDS),
          tag: fc.constantFrom('x', 'y', 'X', 'z'),
          level: fc.constantFrom('0', '4', '5', '5.0', '9'),
          occurred_at: fc.constantFrom(
            '2026-01-05T09:00:00Z',
            '2026-01-05T08:59:59.999Z',
            '2026-01-05T23:00:00+05:00',
          ),
        }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ document, when, also, uses }) => {
    const rules = (document.rules as readonly Document[]).map((rule, i) => ({
      ...rule,
      conditions: when[i],
    }));
    const rivals = also.map(({ price, line, ...rest }, i) => ({
      ...charge(price, line, rest),
      name: `also ${i}`,
    }));
    const facts = { ...FACTS, tag: { type: 'string', optional: true }, level: { type: 'integer' } };
    return { asks: 'quotes', document: { ...document, facts, rules: [...rules, ...rivals] }, uses };
  });

/** The examples of the repository, with the facts of their cases and the bounds of their rules in any combination. */
const examples: fc.Arbitrary<Drawn> = fc.oneof(
  ...exampleNames.flatMap((name) => {
    const { strategy, cases } = readExample(rulesFile(name));
    const known = cases
      .filter(({ input }) => input.moment === 'usage')
      .flatMap(({ input }) => input.usages.map(sentFacts));
    if (strategy === undefined || known.length === 0) return [];
    const values = valuesOf(strategy, known);
    const use = fc
      .record({
        base: fc.constantFrom(...known),
        changes: fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 60 })), { maxLength: 3 }),
      })
      .map(({ base, changes }) => {
        const names = Object.keys(base);
        const changed = changes.flatMap(([fact, value]) => {
          const changedFact = names[fact % names.length] ?? '';
          const own = values.get(changedFact) ?? [];
          const sent = own[value % own.length];
          return sent === undefined ? [] : [[changedFact, sent] as const];
        });
        return { ...base, ...Object.fromEntries(changed) };
      });
    return [
      fc
        .array(spoiled(use), { minLength: 1, maxLength: 5 })
        .map((uses): Drawn => ({ asks: 'quotes', document: name, uses })),
    ];
  }),
);

function sentFacts(facts: ReadonlyMap<string, GivenFact>): Use {
  return Object.fromEntries([...facts].map(([name, fact]) => [name, sentFact(fact)]));
}

function sentFact(fact: GivenFact): Sent {
  switch (fact.kind) {
    case 'text':
      return fact.text;
    case 'list':
      return fact.texts;
    case 'instant':
      return { instant: formatInstant(fact.at) };
  }
}

/** For each fact what its document says and its cases send. */
function valuesOf(strategy: Strategy, known: readonly Use[]): ReadonlyMap<string, readonly Sent[]> {
  const values = new Map<string, Sent[]>();
  const note = (name: string, sent: Sent) => values.set(name, [...(values.get(name) ?? []), sent]);
  for (const use of known) for (const [name, sent] of Object.entries(use)) note(name, sent);
  const conditions = [
    ...strategy.conditions.values(),
    ...strategy.rules.flatMap((rule) => rule.conditions ?? []),
  ];
  for (const { fact, value } of conditions.flatMap(leavesOf)) {
    const type = strategy.types.get(fact);
    if (value.kind === 'fact' || type === undefined || type === 'list') continue;
    const constants: readonly FactValue[] = Array.isArray(value.value)
      ? (value.value as readonly FactValue[])
      : [value.value as FactValue];
    for (const one of constants) note(fact, formatFactValue(one));
  }
  return values;
}

export const quotes: fc.Arbitrary<Drawn> = fc.oneof(invented, examples);
