import assert from 'node:assert/strict';
import { decimal } from '../../../src/money/decimal.js';
import { compileSteps, compiledEngine, unindexed } from '../../../src/strategy/engine/compiled.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import type { Condition, FactType, FactValue, Operator, Rule } from '../../../src/strategy/strategy.js';
import { all, chargeRule, leaf, strategyOf } from '../strategy-of.js';

const any = (...of: readonly Condition[]): Condition => ({ kind: 'any', of });
const not = (of: Condition): Condition => ({ kind: 'not', of });

const TYPES: Readonly<Record<string, FactType>> = {
  n: 'decimal',
  m: 'decimal',
  s: 'string',
  t: 'string',
  at: 'instant',
  day: 'date',
  tags: 'list',
};
type Facts = Readonly<Record<string, FactValue>>;
const rulesOf = (conditions: readonly Condition[]) =>
  conditions.map((condition, i) => chargeRule(i, condition));

/** The rules that match, after both engines said the same, with tracing and without. */
async function matchesOf(rules: readonly Rule[], given: Facts): Promise<readonly number[]> {
  const strategy = strategyOf({ rules, types: TYPES });
  const question = { moment: 'usage', facts: new Map(Object.entries(given)) } as const;
  const [compiled, reference] = [compiledEngine(strategy), referenceEngine(strategy)];
  const matches = compiled.match(question);
  assert.deepEqual(matches, await reference.match(question));
  assert.deepEqual(compiled.trace(question), await reference.trace(question));
  return matches.map(({ index }) => index);
}

describe('strategy/compiled: numbers lie where they are', () => {
  const OPERATORS: readonly Operator[] = [
    'lessThan',
    'lessThanInclusive',
    'equal',
    'greaterThanInclusive',
    'greaterThan',
  ];
  const [below, at, above] = [
    [0, 1],
    [1, 2, 3],
    [3, 4],
  ];
  for (const [what, bound, others, value, expected] of [
    ['a value of more places than any bound', '1', [], '1.000000000000000001', above],
    ['a value of more places, just below', '1', [], '0.999999999999999999', below],
    ['a bound of more places than the value', '0.30', ['0.000001'], '0.3', at],
    ['bounds at different scales', '9007199254.740991', ['1'], '9007199254.740992', above],
    ['the largest whole bound that is exact', '9007199254740991', [], '9007199254740991.5', above],
    [
      'bounds that do not fit one scale',
      '9007199254740991',
      ['0.000000000000000001'],
      '9007199254740991',
      at,
    ],
    ['a wide value among short bounds', '5', [], '9007199254740993', above],
    ['a wide negative value', '-5', [], '-1234567890123456.123456789', below],
    ['a wide bound', '1234567890123456.123456789', [], '1234567890123456.123456788', below],
    ['a value of very many places', '0', [], `0.${'0'.repeat(60)}1`, above],
    ['zero', '0', ['0.5'], '0', at],
  ] as const) {
    it(what, async () => {
      const conditions = OPERATORS.map((operator) => leaf('n', operator, decimal(bound)));
      const rest = others.map((other) => leaf('n', 'equal', decimal(other)));
      const matches = await matchesOf(rulesOf([...conditions, ...rest]), { n: decimal(value) });
      assert.deepEqual(
        matches.filter((index) => index < OPERATORS.length),
        expected,
      );
    });
  }
});

describe('strategy/compiled: facts that were not sent', () => {
  const one = leaf('s', 'equal', 'a');
  for (const [what, condition, matches] of [
    ['a comparison is false', one, false],
    ['notEqual is false too', leaf('s', 'notEqual', 'a'), false],
    ['notIn is false too', leaf('s', 'notIn', ['a']), false],
    ['a decorated not is false too', { ...one, decorators: ['not'] }, false],
    ['`not` of a comparison is true', not(one), true],
    ['`not` of notEqual is true', not(leaf('s', 'notEqual', 'a')), true],
    ['`not` of `not` is false', not(not(one)), false],
    ['`not` of an `any` over facts', not(any(one, leaf('n', 'lessThan', decimal(3)))), true],
    ['`not` of an `all` over facts', not(all(one, leaf('n', 'lessThan', decimal(3)))), true],
    ['`not` of a comparison of two facts', not({ ...one, value: { kind: 'fact', fact: 't' } }), true],
    ['`any` with a fact that was sent', any(one, leaf('t', 'equal', 'b')), true],
  ] as const satisfies readonly (readonly [string, Condition, boolean])[]) {
    it(what, async () => {
      assert.deepEqual(await matchesOf(rulesOf([condition]), { t: 'b' }), matches ? [0] : []);
    });
  }
});

describe('strategy/compiled: what is given', () => {
  it('highest priority first, then as in the file, and a rule once that matches in two ways', async () => {
    const both = any(leaf('s', 'equal', 'a'), leaf('t', 'equal', 'b'));
    const rules = [3, 1, 7, 3].map((priority, i) => chargeRule(i, both, { priority }));
    assert.deepEqual(await matchesOf(rules, { s: 'a', t: 'b' }), [2, 0, 3, 1]);
  });

  it('rules without conditions, and conditions that only a predicate can decide', async () => {
    const rules = [
      chargeRule(0),
      chargeRule(1, leaf('tags', 'contains', 'x')),
      chargeRule(2, { ...leaf('n', 'lessThan', ''), value: { kind: 'fact', fact: 'm' } }),
      chargeRule(3, leaf('tags', 'contains', 'y')),
    ];
    assert.deepEqual(await matchesOf(rules, { tags: ['x'], n: decimal(1), m: decimal(2) }), [0, 1, 2]);
  });

  it('a rule that contradicts itself never matches', async () => {
    const never = all(leaf('n', 'lessThan', decimal(1)), leaf('n', 'greaterThan', decimal(2)));
    assert.deepEqual(await matchesOf(rulesOf([never, not(never)]), { n: decimal(1) }), [1]);
  });

  it('instants to the nanosecond, days in their order', async () => {
    const conditions = [
      leaf('at', 'lessThan', 5n),
      leaf('at', 'equal', 5n),
      leaf('day', 'greaterThan', '2026-01-05'),
    ];
    assert.deepEqual(await matchesOf(rulesOf(conditions), { at: 4n, day: '2026-01-06' }), [0, 2]);
  });

  it('nothing at a moment without rules', () => {
    const engine = compiledEngine(strategyOf({ rules: rulesOf([leaf('s', 'equal', 'a')]), types: TYPES }));
    assert.deepEqual(engine.match({ moment: 'invoice', facts: new Map([['s', 'a']]) }), []);
  });
});

describe('strategy/compiled: more than an index holds', () => {
  const WIDE = 8;
  /** Alternatives over two facts, eight times: written out, 256 boxes. */
  const wide = (i: number) =>
    all(
      ...Array.from({ length: WIDE }, (_, k) =>
        any(leaf('s', 'equal', `s${i + k}`), leaf('n', 'greaterThan', decimal(100 * i + k))),
      ),
    );

  it('conditions that multiply are named, and still match as they should', async () => {
    const rules = rulesOf([wide(0), leaf('s', 'equal', 's0'), wide(1)]);
    assert.deepEqual(unindexed(strategyOf({ rules, types: TYPES })), ['rule 0', 'rule 2']);
    assert.deepEqual(await matchesOf(rules, { s: 's0', n: decimal(50) }), [0, 1]);
    assert.deepEqual(await matchesOf(rules, { s: 's1', n: decimal(107) }), [0]);
    assert.deepEqual(await matchesOf(rules, { s: 's1', n: decimal(108) }), [0, 2]);
  });

  it('many alternatives on one fact, or a few over several, do not multiply', () => {
    const one = any(...Array.from({ length: 100 }, (_, i) => leaf('s', 'equal', `s${i}`)));
    const few = all(any(one, leaf('n', 'equal', decimal(1))), any(one, leaf('t', 'equal', 't')));
    assert.deepEqual(unindexed(strategyOf({ rules: rulesOf([one, not(one), few]), types: TYPES })), []);
  });

  it('where sets for every segment take too much room, neighbours share one and the answer is the same', () => {
    const COUNT = 6000;
    const FACTS = 6;
    const names = Array.from({ length: FACTS }, (_, fact) => `f${fact}`);
    // On each fact rule i holds from one number to another, all of them different.
    const startOf = (fact: number, i: number) => (i * (7919 + 2 * fact)) % COUNT;
    const rules = Array.from({ length: COUNT }, (_, i) =>
      chargeRule(
        i,
        all(
          ...names.flatMap((name, fact) => [
            leaf(name, 'greaterThanInclusive', decimal(startOf(fact, i))),
            leaf(name, 'lessThan', decimal(startOf(fact, i) + COUNT / 2)),
          ]),
        ),
      ),
    );
    const types = Object.fromEntries(names.map((name) => [name, 'integer' as const]));
    const engine = compiledEngine(strategyOf({ rules, types }));
    for (const seed of [0, 1, 17, 599, 3001, 5999]) {
      const values = names.map((_, fact) => startOf(fact, seed) + (seed % 2) * (COUNT / 2 - 1));
      const facts = new Map(names.map((name, fact) => [name, decimal(values[fact]!)]));
      const expected = rules.filter((_, i) =>
        values.every((value, fact) => startOf(fact, i) <= value && value < startOf(fact, i) + COUNT / 2),
      );
      assert.ok(expected.length > 0);
      assert.deepEqual(engine.match({ moment: 'usage', facts }), expected);
    }
  });
});

describe('strategy/compiled: bit by bit', () => {
  it('compiles the same engine in many steps as at once', () => {
    const rules = Array.from({ length: 3000 }, (_, i) => chargeRule(i, leaf('s', 'equal', `s${i}`)));
    const strategy = strategyOf({ rules, types: TYPES });
    const steps = compileSteps(strategy);
    let [count, step] = [0, steps.next()];
    for (; step.done !== true; step = steps.next()) count++;
    assert.ok(count > 10, `${count} steps`);
    const question = { moment: 'usage', facts: new Map([['s', 's2999']]) } as const;
    assert.deepEqual(step.value.match(question), compiledEngine(strategy).match(question));
  });
});
