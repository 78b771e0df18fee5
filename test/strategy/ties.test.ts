import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatFactValue } from '../../src/strategy/fact-value.js';
import { atLeast, atMost, greaterThan, lessThan } from '../../src/money/compare.js';
import { type Decimal, decimal, parseDecimal } from '../../src/money/decimal.js';
import type { Condition, FactType, FactValue, Leaf, Operator, Rule } from '../../src/strategy/strategy.js';
import { findTies } from '../../src/strategy/ties/ties.js';
import { all, chargeRule, fact, leaf, strategyOf } from './strategy-of.js';

const d = (text: string | number) => decimal(text);
const facts = [
  fact('model', 'string', { oneOf: ['code', 'chat'] }),
  fact('region', 'string'),
  fact('tokens', 'decimal', { min: d(0) }),
  fact('seats', 'integer', { min: d(1), max: d(5) }),
  fact('trial', 'boolean'),
  fact('from', 'date'),
  fact('until', 'time'),
  fact('seen', 'instant'),
  fact('tags', 'list'),
];
const types: Record<string, FactType> = {
  zone: 'string',
  occurred_at: 'instant',
  local_hour: 'integer',
  local_time: 'time',
  local_weekday: 'integer',
  local_day: 'integer',
  local_month: 'integer',
  local_date: 'date',
  account_age_days: 'integer',
  account_age_months: 'integer',
};
const zone = {
  kind: 'lookup',
  name: 'zone',
  by: ['region'],
  match: 'exact',
  type: 'string',
  rows: new Map(),
} as const;
const small: Condition = leaf('tokens', 'lessThan', d(10));

function tiesOf(...rules: readonly Rule[]) {
  return findTies(strategyOf({ rules, facts, types, computed: [zone], conditions: { small } }));
}
const between = (one?: Condition, other?: Condition) => tiesOf(chargeRule(0, one), chargeRule(1, other));

describe('strategy/ties', () => {
  for (const [what, one, other] of [
    ['two values of a string', leaf('model', 'equal', 'code'), leaf('model', 'equal', 'chat')],
    ['a value and its opposite', leaf('region', 'equal', 'eu'), leaf('region', 'notEqual', 'eu')],
    ['lists without a common value', leaf('region', 'in', ['a', 'b']), leaf('region', 'in', ['c'])],
    ['a list and the rest', leaf('region', 'in', ['a', 'b']), leaf('region', 'notIn', ['b', 'a'])],
    ['what one_of leaves over', leaf('model', 'notEqual', 'code'), leaf('model', 'notEqual', 'chat')],
    ['adjacent ranges', leaf('tokens', 'lessThan', d(10)), leaf('tokens', 'greaterThanInclusive', d(10))],
    [
      'a bound on both sides',
      leaf('tokens', 'lessThanInclusive', d(10)),
      leaf('tokens', 'greaterThan', d(10)),
    ],
    ['between two whole numbers', leaf('seats', 'greaterThan', d(2)), leaf('seats', 'lessThan', d(3))],
    [
      'a whole number and a fraction',
      leaf('seats', 'greaterThan', d('2.5')),
      leaf('seats', 'lessThan', d(3)),
    ],
    [
      'closer than the 18th digit',
      leaf('tokens', 'greaterThan', d(1)),
      leaf('tokens', 'lessThan', d('1.000000000000000001')),
    ],
    ['below the minimum', leaf('tokens', 'lessThan', d(0)), undefined],
    ['above the maximum', leaf('seats', 'greaterThanInclusive', d(6)), undefined],
    [
      'all whole numbers taken out',
      leaf('seats', 'notIn', [d(1), d(2)]),
      leaf('seats', 'notIn', [d(3), d(4), d(5)]),
    ],
    ['true and false', leaf('trial', 'equal', true), leaf('trial', 'notEqual', true)],
    ['dates', leaf('from', 'lessThan', '2026-03-01'), leaf('from', 'greaterThan', '2026-02-28')],
    ['times of day', leaf('until', 'lessThan', '08:00'), leaf('until', 'greaterThan', '07:59')],
    ['instants', leaf('seen', 'lessThan', 5n), leaf('seen', 'greaterThan', 4n)],
    ['an hour that is none', leaf('local_hour', 'greaterThan', d(23)), undefined],
    ['a weekday that is none', leaf('local_weekday', 'equal', d(0)), undefined],
    ['an age below zero', leaf('account_age_days', 'lessThan', d(0)), undefined],
    ['an entry that is and is not there', leaf('tags', 'contains', 'a'), leaf('tags', 'doesNotContain', 'a')],
    [
      'a contradiction in one rule',
      all(leaf('region', 'equal', 'a'), leaf('region', 'equal', 'b')),
      undefined,
    ],
    ['nested alls', all(all(small), leaf('trial', 'equal', true)), all(leaf('tokens', 'equal', d(10)))],
    ['a named condition', { kind: 'named', name: 'small' }, leaf('tokens', 'greaterThan', d(10))],
    ['a computed fact', leaf('zone', 'equal', 'a'), leaf('zone', 'equal', 'b')],
    [
      'one fact apart, though an `any` is beside it',
      all({ kind: 'any', of: [small] }, leaf('trial', 'equal', true)),
      leaf('trial', 'equal', false),
    ],
  ] as const) {
    it(`no tie: ${what}`, () => {
      assert.deepEqual(between(one, other), []);
      assert.deepEqual(between(other, one), []);
    });
  }

  for (const [what, one, other, witness] of [
    ['no conditions', undefined, undefined, {}],
    ['one without conditions', undefined, leaf('model', 'equal', 'chat'), { model: 'chat' }],
    [
      'overlapping ranges',
      leaf('tokens', 'greaterThan', d(3)),
      leaf('tokens', 'lessThan', d(10)),
      { tokens: '4' },
    ],
    [
      'a narrow overlap',
      leaf('tokens', 'greaterThan', d('1.25')),
      leaf('tokens', 'lessThan', d('1.26')),
      { tokens: '1.250000000000000001' },
    ],
    [
      'one shared bound',
      leaf('tokens', 'lessThanInclusive', d(5)),
      leaf('tokens', 'greaterThanInclusive', d(5)),
      { tokens: '5' },
    ],
    [
      'different facts',
      leaf('trial', 'equal', true),
      leaf('seats', 'greaterThan', d(1)),
      { trial: 'true', seats: '2' },
    ],
    [
      'lists with a common value',
      leaf('region', 'in', ['a', 'b']),
      leaf('region', 'in', ['b', 'c']),
      { region: 'b' },
    ],
    [
      'a string that is none of these',
      leaf('region', 'notEqual', 'text 1'),
      leaf('region', 'notEqual', 'eu'),
      { region: 'text 2' },
    ],
    [
      'the one whole number left',
      leaf('seats', 'notIn', [d(1), d(2)]),
      leaf('seats', 'notIn', [d(3), d(5)]),
      { seats: '4' },
    ],
    ['the last second of a day', leaf('until', 'greaterThan', '23:58'), undefined, { until: '23:59' }],
    [
      'a leap day',
      leaf('from', 'greaterThan', '2028-02-28'),
      leaf('from', 'lessThan', '2028-03-01'),
      { from: '2028-02-29' },
    ],
    [
      'entries of a list',
      leaf('tags', 'contains', 'a'),
      leaf('tags', 'doesNotContain', 'b'),
      { tags: '["a"]' },
    ],
    [
      'one instant',
      leaf('seen', 'equal', 0n),
      leaf('seen', 'lessThan', 5n),
      { seen: '1970-01-01T00:00:00Z' },
    ],
    [
      'hour and weekday',
      leaf('local_hour', 'lessThan', d(9)),
      leaf('local_weekday', 'equal', d(7)),
      { local_hour: '0', local_weekday: '7' },
    ],
    ['a named condition', { kind: 'named', name: 'small' }, leaf('tokens', 'equal', d(9)), { tokens: '9' }],
  ] as const) {
    it(`a tie: ${what}`, () => {
      const expected = {
        kind: 'tie',
        first: chargeRule(0, one),
        second: chargeRule(1, other),
        facts: witness,
      };
      assert.deepEqual(between(one, other), [expected]);
    });
  }

  const swapped: Leaf = { ...leaf('seats', 'lessThan', d(3)), decorators: ['swap'] };
  const twoFacts: Leaf = { ...leaf('tokens', 'equal', d(0)), value: { kind: 'fact', fact: 'seats' } };
  for (const [what, one, other, why] of [
    ['any', { kind: 'any', of: [small] }, undefined, 'rule "rule 0" has a condition with `any`'],
    ['not', undefined, { kind: 'not', of: small }, 'rule "rule 1" has a condition with `not`'],
    ['a decorator', swapped, undefined, 'rule "rule 0" compares seats by `swap:lessThan`'],
    ['two facts', twoFacts, undefined, 'rule "rule 0" compares tokens with seats'],
    [
      'a computed fact',
      leaf('zone', 'equal', 'a'),
      leaf('region', 'equal', 'b'),
      'zone is computed from other facts',
    ],
    [
      'hour and time of day',
      leaf('local_hour', 'equal', d(9)),
      leaf('local_time', 'equal', '10:00'),
      'local_hour and local_time depend on each other',
    ],
    [
      'day and month',
      leaf('local_day', 'equal', d(31)),
      leaf('local_month', 'equal', d(2)),
      'local_day and local_month depend on each other',
    ],
    [
      'an instant and its hour',
      leaf('occurred_at', 'equal', 0n),
      leaf('local_hour', 'equal', d(9)),
      'local_hour and occurred_at depend on each other',
    ],
    [
      'two ages',
      leaf('account_age_days', 'equal', d(9)),
      leaf('account_age_months', 'equal', d(9)),
      'account_age_days and account_age_months depend on each other',
    ],
  ] as const) {
    it(`undecided: ${what}`, () => {
      const expected = { kind: 'undecided', first: chargeRule(0, one), second: chargeRule(1, other), why };
      assert.deepEqual(between(one, other), [expected]);
    });
  }

  for (const [what, rest] of [
    ['another priority', { priority: 2 }],
    ['another moment', { moment: 'purchase' }],
    ['another line', { event: { type: 'charge', price: 'price', line: 'other' } }],
    ['a rule that does not charge', { event: { type: 'reject', code: 'x', message: '' } }],
  ] as const) {
    it(`no rivals: ${what}`, () => {
      assert.deepEqual(tiesOf(chargeRule(0), chargeRule(1, undefined, rest)), []);
    });
  }

  it('lists 20 ties in the order of the file, and says that there are more', () => {
    const ties = tiesOf(...Array.from({ length: 10 }, (_, i) => chargeRule(i)));
    const pairs = ties.flatMap((tie) => (tie.kind === 'tie' ? [[tie.first.index, tie.second.index]] : []));
    assert.equal(pairs.length, 20);
    assert.deepEqual(pairs.slice(0, 10), [
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
      [0, 5],
      [0, 6],
      [0, 7],
      [0, 8],
      [0, 9],
      [1, 2],
    ]);
    assert.deepEqual(ties.at(-1), { kind: 'more' });
  });

  it('a tie is found behind any number of undecided pairs', () => {
    const vague = Array.from({ length: 30 }, (_, i) => chargeRule(i, all({ kind: 'not', of: small })));
    const ties = tiesOf(...vague, chargeRule(30), chargeRule(31));
    assert.deepEqual(
      ties.map((tie) => tie.kind),
      ['tie', ...Array.from({ length: 20 }, () => 'undecided'), 'more'],
    );
  });

  it('agrees with a look at every fact set, and its witness matches both', () => {
    fc.assert(
      fc.property(conjunction, conjunction, (one, other) => {
        const common = everyFactSet.find((set) => [...one, ...other].every((part) => holds(part, set)));
        const [tie] = between(all(...one), all(...other));
        assert.equal(tie !== undefined, common !== undefined);
        if (tie === undefined) return;
        assert.ok(tie.kind === 'tie');
        const set = new Map(Object.entries(tie.facts).map(([name, text]) => [name, read(name, text)]));
        assert.ok([...one, ...other].every((part) => holds(part, set)));
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [what, condition] of [
    [
      'ranges of one fact',
      (i: number) => all(leaf('tokens', 'greaterThanInclusive', d(i)), leaf('tokens', 'lessThan', d(i + 1))),
    ],
    ['values of one fact', (i: number) => leaf('region', 'equal', `region ${i}`)],
    [
      'four facts of ten values each',
      (i: number) =>
        all(...Array.from(String(i).padStart(4, '0')).map((digit, k) => leaf(`n${k}`, 'equal', d(digit)))),
    ],
  ] as const) {
    it(`10,000 rules of one line, apart by ${what}, in under 2 s`, () => {
      const rules = Array.from({ length: 10_000 }, (_, i) => chargeRule(i, condition(i)));
      const numbers: Record<string, FactType> = {
        n0: 'integer',
        n1: 'integer',
        n2: 'integer',
        n3: 'integer',
      };
      const strategy = strategyOf({ rules, facts, types: numbers });
      // Of the processor, not of the clock: other work on the machine is no fault of the rules.
      const start = process.cpuUsage();
      assert.deepEqual(findTies(strategy), []);
      assert.ok(process.cpuUsage(start).user < 2_000_000);
    });
  }
});

type FactSet = ReadonlyMap<string, FactValue>;

const operators = fc.constantFrom<Operator>(
  'equal',
  'notEqual',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
);
const conjunction: fc.Arbitrary<readonly Leaf[]> = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('tokens', 'seats'), operators, fc.integer({ min: 0, max: 6 }))
      .map(([name, operator, n]) => leaf(name, operator, d(n))),
    fc
      .tuple(fc.constantFrom<Operator>('in', 'notIn'), fc.subarray([1, 2, 3, 4, 5], { minLength: 1 }))
      .map(([operator, list]) => leaf('seats', operator, list.map(d))),
    fc
      .tuple(fc.constantFrom<Operator>('in', 'notIn'), fc.subarray(['code', 'chat'], { minLength: 1 }))
      .map(([operator, list]) => leaf('model', operator, list)),
    fc
      .tuple(fc.constantFrom<Operator>('equal', 'notEqual'), fc.boolean())
      .map(([operator, value]) => leaf('trial', operator, value)),
  ),
  { maxLength: 6 },
);

/** Bounds are whole numbers, so that halves stand for all decimals in between; 7 stands for all above. */
const everyFactSet: readonly FactSet[] = ['code', 'chat'].flatMap((model) =>
  [true, false].flatMap((trial) =>
    [1, 2, 3, 4, 5].flatMap((seats) =>
      Array.from({ length: 15 }, (_, half) => half * 0.5).map(
        (tokens) =>
          new Map<string, FactValue>(Object.entries({ model, trial, seats: d(seats), tokens: d(tokens) })),
      ),
    ),
  ),
);

function read(name: string, text: string): FactValue {
  if (name === 'trial') return text === 'true';
  const number = parseDecimal(text);
  return number.ok ? number.value : text;
}

function holds({ fact: name, operator, value }: Leaf, set: FactSet): boolean {
  assert.ok(value.kind === 'value');
  const given = set.get(name);
  assert.ok(given !== undefined);
  const same = (other: FactValue) => formatFactValue(given) === formatFactValue(other);
  switch (operator) {
    case 'equal':
      return same(value.value as FactValue);
    case 'notEqual':
      return !same(value.value as FactValue);
    case 'in':
      return (value.value as FactValue[]).some(same);
    case 'notIn':
      return !(value.value as FactValue[]).some(same);
    case 'lessThan':
      return lessThan(given as Decimal, value.value as Decimal);
    case 'lessThanInclusive':
      return atMost(given as Decimal, value.value as Decimal);
    case 'greaterThan':
      return greaterThan(given as Decimal, value.value as Decimal);
    case 'greaterThanInclusive':
      return atLeast(given as Decimal, value.value as Decimal);
    case 'contains':
    case 'doesNotContain':
      return assert.fail('no lists here');
  }
}
