import fc from 'fast-check';
import { areComparable } from '../../../../src/strategy/fact-value.js';
import { shapeOf } from '../../../../src/strategy/read/leaf-shape.js';
import { DECORATORS, FACT_TYPES, type FactType, OPERATORS } from '../../../../src/strategy/strategy.js';
import type { Document } from '../../../quote/priced.js';
import type { Drawn, Use } from './drawn.js';
import { FACTS, type Rows, type Written, pick, rowOf } from './values.js';

/** One way of comparing that the check of a document lets pass; `of` and `list` tell what its value is. */
type Form = {
  readonly type: FactType;
  readonly operator: string;
  readonly of: FactType;
  readonly list: boolean;
};

const chains = [
  [],
  ...DECORATORS.map((one) => [one]),
  ...DECORATORS.flatMap((one) => DECORATORS.map((two) => [one, two])),
];

/** Every operator on every type, under up to two decorators. */
const FORMS: readonly Form[] = FACT_TYPES.flatMap((type) =>
  OPERATORS.flatMap((operator) =>
    chains.flatMap((decorators) => {
      const shape = shapeOf(type, { decorators, operator });
      if ('why' in shape) return [];
      return [{ type, operator: [...decorators, operator].join(':'), of: shape.type, list: shape.list }];
    }),
  ),
);
const formOf: fc.Arbitrary<Form> = fc.oneof(
  { arbitrary: fc.constantFrom(...FORMS.filter(({ operator }) => !operator.includes(':'))), weight: 3 },
  { arbitrary: fc.constantFrom(...FORMS.filter(({ operator }) => operator.includes(':'))), weight: 1 },
);

/** A condition whose values are not chosen yet: they are taken from the rows of the document. */
type Sketch = (rows: Rows) => Document;

const position = fc.nat({ max: 59 });
const leaf: fc.Arbitrary<Sketch> = fc
  .record({
    form: formOf,
    letter: fc.constantFrom('a', 'b'),
    constants: fc.array(position, { minLength: 1, maxLength: 4 }),
    other: fc.option(position, { nil: undefined, freq: 5 }),
  })
  .map(({ form, letter, constants, other }) => (rows) => {
    const fact = other === undefined ? undefined : otherFact(form, other);
    return {
      fact: `${form.type}_${letter}`,
      operator: form.operator,
      value: fact === undefined ? constantOf(form, constants, rows) : { fact },
    };
  });

function constantOf({ of, list }: Form, constants: readonly number[], rows: Rows): Written {
  const values = constants.map((one) => String(pick(rowOf(of, rows), one)));
  return list ? values : (values[0] ?? '');
}

/** Another fact that the form can compare with, if there is one: of lists there are only those of strings. */
function otherFact({ of, list }: Form, position: number): string | undefined {
  const fits = (type: FactType) => (list ? type === 'list' && of === 'string' : areComparable(of, type));
  const names = [...FACTS].flatMap(([name, type]) => (fits(type) ? [name] : []));
  return names[position % names.length];
}

/** Conditions a few levels deep; `names` are those that they may refer to. */
function conditionOf(names: readonly string[], maxDepth: number): fc.Arbitrary<Sketch> {
  const named = names.map((name): fc.Arbitrary<Sketch> => fc.constant(() => ({ condition: name })));
  return fc.letrec<{ condition: Sketch }>((tie) => ({
    condition: fc.oneof(
      { maxDepth, withCrossShrink: true },
      fc.oneof(leaf, leaf, leaf, leaf, ...named),
      fc
        .tuple(fc.constantFrom('all', 'any'), fc.array(tie('condition'), { minLength: 1, maxLength: 3 }))
        .map(([group, of]): Sketch => (rows) => ({ [group]: of.map((inner) => inner(rows)) })),
      tie('condition').map((of): Sketch => (rows) => ({ not: of(rows) })),
    ),
  })).condition;
}

/** Groups across many facts: written out as boxes they are hundreds or thousands, more than an index would want. */
const crossed: fc.Arbitrary<Sketch> = fc
  .record({
    outer: fc.constantFrom('all', 'any'),
    groups: fc.array(fc.array(leaf, { minLength: 1, maxLength: 6, size: 'max' }), {
      minLength: 2,
      maxLength: 6,
      size: 'max',
    }),
    turned: fc.boolean(),
  })
  .map(({ outer, groups, turned }) => (rows) => {
    const inner = outer === 'all' ? 'any' : 'all';
    const crossing = { [outer]: groups.map((of) => ({ [inner]: of.map((one) => one(rows)) })) };
    return turned ? { not: crossing } : crossing;
  });

/** At the root of a rule a comparison stands in a group. */
function rooted(condition: Document): Document {
  return 'fact' in condition ? { all: [condition] } : condition;
}

const ruleOf = (maxDepth: number) =>
  fc.record({
    conditions: fc.oneof(
      { arbitrary: conditionOf(['first', 'second'], maxDepth), weight: 20 },
      { arbitrary: crossed, weight: 1 },
      { arbitrary: fc.constant(undefined), weight: 1 },
    ),
    priority: fc.constantFrom(1, 1, 2, 3),
    moment: fc.constantFrom('usage', 'usage', 'usage', 'usage', 'usage', 'purchase'),
  });

const rowsOf: fc.Arbitrary<Rows> = fc.record(
  Object.fromEntries(FACT_TYPES.map((type) => [type, position])) as Record<FactType, typeof position>,
);
/** One value for each fact, or none where it is missing. */
const use = fc.tuple(...[...FACTS.keys()].map(() => fc.option(position, { nil: undefined, freq: 7 })));

type Size = { readonly rules: fc.ArrayConstraints; readonly depth: number; readonly uses: number };

function drawnOf({ rules, depth, uses }: Size): fc.Arbitrary<Drawn> {
  return fc
    .record({
      rows: rowsOf,
      first: conditionOf([], 2),
      second: conditionOf(['first'], 1),
      rules: fc.array(ruleOf(depth), { size: 'max', ...rules }),
      uses: fc.array(use, { minLength: 1, maxLength: uses, size: 'max' }),
    })
    .map(({ rows, first, second, rules, uses }) => {
      const conditions = { first: rooted(first(rows)), second: rooted(second(rows)) };
      const written = rules.map(({ conditions: sketch, priority, moment }, i) => ({
        name: `rule ${i}`,
        priority,
        moment,
        ...(sketch && { conditions: rooted(sketch(rows)) }),
        event: { type: 'charge', params: { price: 'p' } },
      }));
      return drawnFrom(conditions, written, (types) => uses.map((one) => useOf(one, types, rows)));
    });
}

/** Only what the rules read is there, declared and sent, so that a shrunk document is short. */
function drawnFrom(
  { first, second }: Readonly<Record<'first' | 'second', Document>>,
  rules: readonly Document[],
  usesOf: (types: ReadonlyMap<string, FactType>) => readonly Use[],
): Drawn {
  const names = (name: string, ...where: unknown[]) =>
    JSON.stringify(where).includes(`"condition":"${name}"`);
  const conditions = {
    ...((names('first', rules) || (names('second', rules) && names('first', second))) && { first }),
    ...(names('second', rules) && { second }),
  };
  const read = JSON.stringify([conditions, rules]);
  const types = new Map([...FACTS].filter(([name]) => read.includes(`"${name}"`)));
  const facts = Object.fromEntries([...types].map(([name, type]) => [name, { type, optional: true }]));
  const prices = { p: { model: 'flat', amount: 1 } };
  return { asks: 'matches', document: { facts, prices, conditions, rules }, uses: usesOf(types) };
}

function useOf(
  positions: readonly (number | undefined)[],
  types: ReadonlyMap<string, FactType>,
  rows: Rows,
): Use {
  const sent = [...FACTS].flatMap(([name, type], i) => {
    const position = positions[i];
    return position === undefined || !types.has(name)
      ? []
      : [[name, pick(rowOf(type, rows), position)] as const];
  });
  return Object.fromEntries(sent);
}

/** A few rules, as deep as they come. */
export const small = drawnOf({ rules: { minLength: 1, maxLength: 10 }, depth: 3, uses: 30 });
/** More rules than a word or two of a bit set has bits. */
export const wide = drawnOf({ rules: { minLength: 33, maxLength: 100 }, depth: 1, uses: 10 });
