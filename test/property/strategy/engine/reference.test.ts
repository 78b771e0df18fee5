import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimal, isDecimal, toNumber } from '../../../../src/money/decimal.js';
import type { ConditionTrace } from '../../../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import type { Condition, Decorator, FactValue, Leaf, Operator } from '../../../../src/strategy/strategy.js';
import { chargeRule, strategyOf } from '../../../strategy/strategy-of.js';

/** Facts are small whole numbers or lists of letters, so that comparisons come out either way. */
type Plain = number | readonly string[];
type Facts = Readonly<Record<string, Plain | undefined>>;

/** What a condition means, as plainly as it can be said. */
function meaning(condition: Condition, facts: Facts, named: Readonly<Record<string, Condition>>): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((inner) => meaning(inner, facts, named));
    case 'any':
      return condition.of.some((inner) => meaning(inner, facts, named));
    case 'not':
      return !meaning(condition.of, facts, named);
    case 'named':
      return meaning(named[condition.name]!, facts, named);
    case 'leaf': {
      const left = facts[condition.fact];
      const right =
        condition.value.kind === 'fact' ? facts[condition.value.fact] : plain(condition.value.value);
      if (left === undefined || right === undefined) return false;
      return condition.decorators.includes('not') !== compare(condition.operator, left, right);
    }
  }
}

function compare(operator: Operator, left: Plain, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    const results: Partial<Record<Operator, boolean>> = {
      equal: left === right,
      notEqual: left !== right,
      lessThan: left < right,
      lessThanInclusive: left <= right,
      greaterThan: left > right,
      greaterThanInclusive: left >= right,
    };
    return results[operator]!;
  }
  if (Array.isArray(right)) return right.includes(left) === (operator === 'in');
  return (left as readonly unknown[]).includes(right) === (operator === 'contains');
}

function plain(value: FactValue | readonly FactValue[]): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item: FactValue) => plain(item));
  return isDecimal(value) ? toNumber(value) : Number(value);
}

const NUMBERS = ['i', 'j', 'k'] as const;
const LISTS = ['s', 't'] as const;
const number = fc.integer({ min: 0, max: 3 });
const letter = fc.constantFrom('a', 'b', 'c');
const decorators = fc.constantFrom<readonly Decorator[]>([], ['not']);
const orders = fc.constantFrom<Operator>(
  'equal',
  'notEqual',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
);

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    kind: fc.constant('leaf' as const),
    fact: fc.constantFrom(...NUMBERS),
    operator: orders,
    decorators,
    value: fc.oneof(
      number.map((value) => ({ kind: 'value' as const, value: decimal(value) })),
      fc.constantFrom(...NUMBERS).map((fact) => ({ kind: 'fact' as const, fact })),
    ),
  }),
  fc.record({
    kind: fc.constant('leaf' as const),
    fact: fc.constantFrom(...NUMBERS),
    operator: fc.constantFrom<Operator>('in', 'notIn'),
    decorators,
    value: fc
      .array(number, { maxLength: 3 })
      .map((values) => ({ kind: 'value' as const, value: values.map((value) => decimal(value)) })),
  }),
  fc.record({
    kind: fc.constant('leaf' as const),
    fact: fc.constantFrom(...LISTS),
    operator: fc.constantFrom<Operator>('contains', 'doesNotContain'),
    decorators,
    value: letter.map((value) => ({ kind: 'value' as const, value })),
  }),
);

/** Conditions a few levels deep; `names` are those that they may refer to. */
function conditionOf(names: readonly string[]): fc.Arbitrary<Condition> {
  const ends: fc.Arbitrary<Condition> =
    names.length === 0
      ? leaf
      : fc.oneof(
          leaf,
          fc.constantFrom(...names).map((name): Condition => ({ kind: 'named', name })),
        );
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      ends,
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
      tie('condition').map((of): Condition => ({ kind: 'not', of })),
    ),
  })).condition;
}

const facts: fc.Arbitrary<Facts> = fc.record({
  ...Object.fromEntries(NUMBERS.map((name) => [name, fc.option(number, { nil: undefined })])),
  ...Object.fromEntries(
    LISTS.map((name) => [name, fc.option(fc.array(letter, { maxLength: 3 }), { nil: undefined })]),
  ),
});

function valuesOf(drawn: Facts): Map<string, FactValue> {
  return new Map(
    Object.entries(drawn).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'number' ? decimal(value) : value] as const],
    ),
  );
}

describe('property: strategy/reference', () => {
  const documents = fc.record({
    first: conditionOf([]),
    second: conditionOf(['first']),
    rules: fc.array(
      fc.tuple(
        fc.option(conditionOf(['first', 'second']), { nil: undefined }),
        fc.integer({ min: 1, max: 3 }),
      ),
      { maxLength: 5 },
    ),
  });

  it('matches what the conditions mean, highest priority first, and its trace says so at every node', () =>
    fc.assert(
      fc.asyncProperty(documents, facts, async ({ first, second, rules: drawn }, given) => {
        const named = { first, second };
        const rules = drawn.map(([condition, priority], i) => chargeRule(i, condition, { priority }));
        const engine = referenceEngine(strategyOf({ rules, conditions: named }));
        const question = { moment: 'usage', facts: valuesOf(given) } as const;
        const expected = rules
          .filter(({ conditions }) => conditions === undefined || meaning(conditions, given, named))
          .sort((a, b) => b.priority - a.priority || a.index - b.index);
        assert.deepEqual(
          (await engine.match(question)).map(({ name }) => name),
          expected.map(({ name }) => name),
        );

        const check = ({ condition, holds, children }: ConditionTrace) => {
          assert.equal(holds, meaning(condition, given, named), JSON.stringify(condition));
          children.forEach(check);
        };
        for (const { rule, matched, conditions } of await engine.trace(question)) {
          assert.equal(matched, expected.includes(rule));
          if (conditions !== undefined) check(conditions);
        }
      }),
      { numRuns: 500 },
    ));
});
