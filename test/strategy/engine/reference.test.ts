import assert from 'node:assert/strict';
import { decimal } from '../../../src/money/decimal.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import type { Condition, FactValue, Leaf, Rule } from '../../../src/strategy/strategy.js';
import { at } from '../../time/at.js';
import { chargeRule, strategyOf } from '../strategy-of.js';

type Facts = Readonly<Record<string, FactValue>>;
type Named = Readonly<Record<string, Condition>>;

async function namesOf(rules: readonly Rule[], facts: Facts, conditions: Named = {}): Promise<string[]> {
  const engine = referenceEngine(strategyOf({ rules, conditions }));
  const matches = await engine.match({ moment: 'usage', facts: new Map(Object.entries(facts)) });
  return matches.map(({ name }) => name);
}
const holds = async (condition: Condition, facts: Facts, conditions: Named = {}) =>
  (await namesOf([chargeRule(0, condition)], facts, conditions)).length === 1;

/** `leaf('n not:equal', 1)`; a value that names another fact is `{ fact }`. */
function leaf(text: string, value: Leaf['value'] | FactValue | readonly FactValue[]): Leaf {
  const [fact = '', chain = ''] = text.split(' ');
  const words = chain.split(':');
  const operator = words.pop() as Leaf['operator'];
  const own = typeof value === 'object' && 'kind' in value ? value : ({ kind: 'value', value } as const);
  return { kind: 'leaf', fact, operator, decorators: words as unknown as Leaf['decorators'], value: own };
}
const n = (text: string) => decimal(text);
const all = (...of: readonly Condition[]): Condition => ({ kind: 'all', of });
const any = (...of: readonly Condition[]): Condition => ({ kind: 'any', of });
const not = (of: Condition): Condition => ({ kind: 'not', of });
const named = (name: string): Condition => ({ kind: 'named', name });

describe('strategy/reference: operators on typed values', () => {
  const big = ['9007199254740993', '9007199254740992'] as const; // one number, as floats
  const early = at('2026-01-05T12:00:00+08:00');
  const same = at('2026-01-05T04:00:00Z');
  const later = at('2026-01-05T04:00:00.000000001Z');
  for (const [type, low, equal, high] of [
    ['decimal', n('1.5'), n('1.50'), n('1.500000000000000001')],
    ['integer beyond floats', n(big[1]), n(big[1]), n(big[0])],
    ['instant', early, same, later],
    ['date', '2026-01-05', '2026-01-05', '2026-01-06'],
    ['time', '08:30', '08:30', '09:00'],
  ] as const) {
    for (const [operator, below, same, above] of [
      ['equal', false, true, false],
      ['notEqual', true, false, true],
      ['lessThan', true, false, false],
      ['lessThanInclusive', true, true, false],
      ['greaterThan', false, false, true],
      ['greaterThanInclusive', false, true, true],
    ] as const) {
      it(`${type} ${operator}`, async () => {
        assert.equal(await holds(leaf(`x ${operator}`, high), { x: low }), below);
        assert.equal(await holds(leaf(`x ${operator}`, equal), { x: low }), same);
        assert.equal(await holds(leaf(`x ${operator}`, low), { x: high }), above);
      });
    }
    it(`${type} in, notIn`, async () => {
      for (const [value, found] of [
        [[high, equal], true],
        [[high], false],
      ] as const) {
        assert.equal(await holds(leaf('x in', value), { x: low }), found);
        assert.equal(await holds(leaf('x notIn', value), { x: low }), !found);
      }
    });
  }

  for (const [text, value, fact, expected] of [
    ['x equal', 'a', 'a', true],
    ['x equal', 'a', 'A', false],
    ['x notEqual', 'a', 'b', true],
    ['x equal', true, true, true],
    ['x equal', true, false, false],
    ['x notEqual', false, true, true],
    ['x in', ['a', 'b'], 'b', true],
    ['x notIn', ['a', 'b'], 'c', true],
    ['x contains', 'a', ['a', 'b'], true],
    ['x contains', 'a', [], false],
    ['x doesNotContain', 'a', ['b'], true],
    ['x doesNotContain', 'a', ['a'], false],
    ['x equal', ['a', 'b'], ['a', 'b'], true],
    ['x equal', ['a', 'b'], ['b', 'a'], false],
    ['x notEqual', ['a'], ['a', 'b'], true],
    ['x someFact:equal', 'a', ['b', 'a'], true],
    ['x someFact:equal', 'a', [], false],
    ['x everyFact:in', ['a', 'b'], ['a', 'b', 'a'], true],
    ['x everyFact:in', ['a'], ['a', 'b'], false],
    ['x everyFact:equal', 'a', [], true],
    ['x someValue:equal', ['a', 'b'], 'b', true],
    ['x everyValue:notEqual', ['a', 'b'], 'c', true],
    ['x everyValue:notEqual', ['a', 'b'], 'a', false],
    ['x not:equal', 'a', 'b', true],
    ['x not:not:equal', 'a', 'a', true],
    ['x not:someFact:equal', 'a', ['b'], true],
    ['x someFact:not:equal', 'a', ['a'], false],
    ['x swap:in', 'a', ['a', 'b'], true],
    ['x swap:lessThan', n('1'), n('2'), true],
    ['x swap:greaterThan', n('1'), n('2'), false],
    ['x someFact:someValue:equal', ['a', 'b'], ['c', 'b'], true],
  ] as const) {
    it(`${text} ${JSON.stringify(value)} of ${JSON.stringify(fact)}: ${expected}`, async () => {
      assert.equal(await holds(leaf(text, value), { x: fact }), expected);
    });
  }

  for (const text of [
    'x equal',
    'x notEqual',
    'x in',
    'x notIn',
    'x contains',
    'x doesNotContain',
    'x lessThan',
    'x greaterThanInclusive',
    'x not:equal',
    'x not:not:equal',
    'x someFact:equal',
    'x everyFact:equal',
    'x not:everyFact:equal',
    'x swap:notEqual',
    'x someValue:equal',
    'x everyValue:notEqual',
    'x not:in',
  ]) {
    it(`${text}: false for a fact that was not sent, on either side`, async () => {
      assert.equal(await holds(leaf(text, ['a']), {}), false);
      assert.equal(await holds(leaf(text, { kind: 'fact', fact: 'y' }), { x: ['a'] }), false);
    });
  }

  it('compares with another fact', async () => {
    const less = leaf('x lessThan', { kind: 'fact', fact: 'y' });
    assert.equal(await holds(less, { x: n('9'), y: n('10') }), true);
    assert.equal(await holds(less, { x: n('10'), y: n('9') }), false);
  });
});

describe('strategy/reference: conditions', () => {
  const is = (x: string) => leaf('x equal', x);
  const facts = { x: 'a' };
  for (const [name, condition, expected] of [
    ['all', all(is('a'), is('b')), false],
    ['any', any(is('a'), is('b')), true],
    ['not', not(is('b')), true],
    ['not of not', not(not(is('a'))), true],
    ['not of all', not(all(is('a'), is('b'))), true],
    ['not of any', not(any(is('a'), is('b'))), false],
    ['deep', all(any(not(all(is('b'), any(is('a')))), is('b')), not(is('c'))), true],
    ['a leaf alone', is('a'), true],
    ['not of a fact that was not sent', not(leaf('y equal', 'a')), true],
    ['a named one', named('leaf'), true],
    ['not of a named one', not(named('leaf')), false],
    ['one that names another', named('both'), false],
    ['inside others', all(any(named('both'), named('leaf')), not(named('both'))), true],
    ['one used twice', all(named('leaf'), named('leaf')), true],
  ] as const) {
    const conditions = { leaf: is('a'), both: all(named('leaf'), not(named('leaf'))) };
    it(`${name}: ${expected}`, async () => {
      assert.equal(await holds(condition, facts, conditions), expected);
    });
    it(`${name}, traced: ${expected}`, async () => {
      const engine = referenceEngine(strategyOf({ rules: [chargeRule(0, condition)], conditions }));
      const [trace] = await engine.trace({ moment: 'usage', facts: new Map(Object.entries(facts)) });
      assert.equal(trace?.matched, expected);
      assert.equal(trace.conditions?.holds, expected);
    });
  }

  it('matches stand by priority, then in file order', async () => {
    const rules = [1, 5, 1, 9, 5].map((priority, i) =>
      chargeRule(i, i % 2 === 0 ? is('a') : undefined, { priority }),
    );
    assert.deepEqual(await namesOf(rules, facts), ['rule 3', 'rule 1', 'rule 4', 'rule 0', 'rule 2']);
  });

  it('rules of other moments are left out', async () => {
    assert.deepEqual(await namesOf([chargeRule(0), chargeRule(1, undefined, { moment: 'period' })], {}), [
      'rule 0',
    ]);
  });

  it('questions at the same time do not mix', async () => {
    const engine = referenceEngine(
      strategyOf({ rules: ['a', 'b', 'c'].map((x, i) => chargeRule(i, is(x))) }),
    );
    const asked = Array.from({ length: 60 }, (_, i) => 'abc'.charAt(i % 3));
    const answers = await Promise.all(
      asked.map(async (x) => engine.match({ moment: 'usage', facts: new Map([['x', x]]) })),
    );
    assert.deepEqual(
      answers.map((matches) => matches.map(({ index }) => 'abc'.charAt(index)).join()),
      asked,
    );
  });
});
