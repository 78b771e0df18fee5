import fc from 'fast-check';
import { decimal } from '../../../../src/money/decimal.js';
import type { FactValues } from '../../../../src/strategy/engine/matcher.js';
import type {
  Condition,
  Decorator,
  FactType,
  FactValue,
  Leaf,
  Operator,
} from '../../../../src/strategy/strategy.js';

/** Two facts of every type, so that facts can be compared with each other. */
export const FACTS: ReadonlyMap<string, FactType> = new Map(
  (['string', 'boolean', 'integer', 'decimal', 'instant', 'date', 'time', 'list'] as const).flatMap(
    (type) => [[`${type}_a`, type] as const, [`${type}_b`, type] as const],
  ),
);

/** Few values of each type, the same for constants and facts: comparisons come out either way, and bounds are met often. */
const VALUES: Readonly<Record<Exclude<FactType, 'list'>, fc.Arbitrary<FactValue>>> = {
  string: fc.constantFrom('', 'a', 'b', 'B', 'ab', '9', '10'),
  boolean: fc.boolean(),
  integer: fc.integer({ min: -1, max: 3 }).map((value) => decimal(value)),
  decimal: fc
    .constantFrom('-1', '0', '0.1', '0.10', '0.3', '9', '10', '1e15', '0.000000000000000001')
    .map((value) => decimal(value)),
  instant: fc.constantFrom(-1n, 0n, 1n, 2n, 10n ** 18n),
  date: fc.constantFrom('2025-12-31', '2026-01-01', '2026-01-02', '2026-10-01'),
  time: fc.constantFrom('00:00', '08:59', '09:00', '23:59'),
};

const list = fc.array(VALUES.string as fc.Arbitrary<string>, { maxLength: 3 });

export function valueOf(type: FactType): fc.Arbitrary<FactValue> {
  return type === 'list' ? list : VALUES[type];
}

/** Facts of a use; each may be missing. */
export const facts: fc.Arbitrary<FactValues> = fc
  .tuple(
    ...[...FACTS].map(([name, type]) =>
      fc.option(valueOf(type), { nil: undefined }).map((value) => [name, value] as const),
    ),
  )
  .map(
    (pairs) =>
      new Map(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
  );

const EQUALITY: readonly Operator[] = ['equal', 'notEqual'];
const ORDER: readonly Operator[] = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'];

/** A leaf that the check of a document lets pass: operator, decorators and value fit the fact's type. */
const leaf: fc.Arbitrary<Leaf> = fc.constantFrom(...FACTS).chain(([fact, type]) => {
  const not = fc.constantFrom<readonly Decorator[]>([], [], ['not'], ['not', 'not']);
  const leafWith = (
    operator: Operator,
    decorators: fc.Arbitrary<readonly Decorator[]>,
    value: fc.Arbitrary<Leaf['value']>,
  ) =>
    fc.record({
      kind: fc.constant('leaf' as const),
      fact: fc.constant(fact),
      operator: fc.constant(operator),
      decorators,
      value,
    });
  const constant = (of: fc.Arbitrary<FactValue | readonly FactValue[]>) =>
    of.map((value) => ({ kind: 'value' as const, value }));
  const twin = fc
    .constantFrom('a', 'b')
    .map((letter) => ({ kind: 'fact' as const, fact: `${type}_${letter}` }));

  if (type === 'list') {
    const item = constant(VALUES.string);
    const each = fc.constantFrom<readonly Decorator[]>(
      ['someFact'],
      ['everyFact'],
      ['not', 'everyFact'],
      ['someFact', 'not'],
    );
    return fc.oneof(
      leafWith('contains', not, item),
      leafWith('doesNotContain', not, item),
      leafWith('equal', each, item),
      leafWith('greaterThan', each, item),
      leafWith('in', each, constant(fc.array(VALUES.string, { maxLength: 3 }))),
    );
  }
  const operators = type === 'string' || type === 'boolean' ? EQUALITY : [...EQUALITY, ...ORDER];
  const values = constant(fc.array(VALUES[type], { maxLength: 4 }));
  const every = fc.constantFrom<readonly Decorator[]>(
    ['someValue'],
    ['everyValue'],
    ['not', 'someValue'],
    ['swap', 'someFact'],
  );
  return fc.oneof(
    fc
      .constantFrom(...operators)
      .chain((operator) => leafWith(operator, not, fc.oneof(constant(VALUES[type]), twin))),
    fc
      .constantFrom(...operators)
      .chain((operator) => leafWith(operator, fc.constant(['swap']), constant(VALUES[type]))),
    fc.constantFrom(...operators).chain((operator) => leafWith(operator, every, values)),
    fc.constantFrom<Operator>('in', 'notIn').chain((operator) => leafWith(operator, not, values)),
  );
});

/** Conditions a few levels deep; `names` are those that they may refer to. */
export function conditionOf(names: readonly string[]): fc.Arbitrary<Condition> {
  const named = names.map((name): fc.Arbitrary<Condition> => fc.constant({ kind: 'named', name }));
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(leaf, leaf, leaf, ...named),
      fc.record({
        kind: fc.constantFrom('all' as const, 'all' as const, 'any' as const),
        of: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }),
      }),
      tie('condition').map((of): Condition => ({ kind: 'not', of })),
    ),
  })).condition;
}

/** Rules with the conditions that they name. More than 32 at times, so that a set of them takes two words. */
export const documents = fc.record({
  first: conditionOf([]),
  second: conditionOf(['first']),
  rules: fc.array(
    fc.tuple(fc.option(conditionOf(['first', 'second']), { nil: undefined }), fc.integer({ min: 1, max: 3 })),
    {
      maxLength: 40,
      size: 'medium',
    },
  ),
});
