import assert from 'node:assert/strict';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { type FactSchema, type PlainCondition, compile } from 'ratebook/matcher';
import { RatebookError } from '../../../src/errors/error.js';

const FACTS = {
  model: 'string',
  hour: 'number',
  vip: 'boolean',
  seats: 'integer',
  price: 'decimal',
  at: 'instant',
  day: 'date',
  time: 'time',
  tags: 'list',
} as const satisfies FactSchema;

const is = (fact: string, operator: string, value: unknown) => ({
  all: [{ fact, operator, value }],
});

function faultsOf(run: () => unknown, reason: string): readonly (readonly [string, string])[] {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RatebookError, String(error));
    assert.equal(error.reason, reason);
    return error.violations.map(({ field, description }) => [field, description]);
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

describe('ratebook/matcher', () => {
  it('gives the own rules back, highest priority first, then in the order given', () => {
    const rules = [1, 5, 1, 5].map((priority, i) => ({
      priority,
      conditions: is('model', 'equal', 'code'),
      event: { type: 'charge', params: { i } },
    }));
    const match = compile(rules, { facts: FACTS });
    const matched = match({ model: 'code' });
    assert.deepEqual(
      matched.map((rule) => rules.indexOf(rule)),
      [1, 3, 0, 2],
    );
    assert.deepEqual(match({ model: 'chat' }), []);
  });

  it('takes the rules of json-rules-engine as they are typed there, and matches as it does', async () => {
    const rules: RuleProperties[] = [
      {
        conditions: { any: [is('model', 'equal', 'code'), { not: is('hour', 'lessThan', 9) }] },
        event: { type: 'a' },
      },
      {
        conditions: { all: [is('hour', 'in', [0.1, 9]), is('tags', 'contains', 'new')] },
        event: { type: 'b' },
      },
      { conditions: is('hour', 'greaterThan', { fact: 'limit' }), event: { type: 'c' } },
    ];
    const match = compile(rules, { facts: { ...FACTS, limit: 'number' } });
    for (const facts of [
      { model: 'code', hour: 0.1, tags: ['new'], limit: 0.1 },
      { model: 'chat', hour: 0.1 + 0.2, tags: [], limit: 0.3 },
      { model: 'chat', hour: 9, tags: ['old', 'new'], limit: 1e300 },
      { model: 'chat', hour: -5e-324, tags: ['new'], limit: -1 },
    ]) {
      const { events } = await new Engine(rules).run(facts);
      assert.deepEqual(
        match(facts)
          .map(({ event }) => event.type)
          .toSorted(),
        events.map(({ type }) => type).toSorted(),
        JSON.stringify(facts),
      );
    }
  });

  for (const [what, condition, facts, matches] of [
    ['a number as JavaScript has it', is('hour', 'greaterThan', 0.3), { hour: 0.1 + 0.2 }, true],
    ['a number just below a bound', is('hour', 'lessThan', 0.3), { hour: 0.1 + 0.2 - 2 ** -54 }, false],
    ['a decimal digit by digit', is('price', 'equal', '0.3'), { price: '0.30' }, true],
    ['a decimal longer than a number', is('price', 'lessThan', '1.000000000000000001'), { price: '1' }, true],
    [
      'a whole number beyond numbers',
      is('seats', 'equal', '9007199254740993'),
      { seats: 9007199254740993n },
      true,
    ],
    ['a boolean', is('vip', 'notEqual', true), { vip: false }, true],
    [
      'an instant in another zone',
      is('at', 'equal', '2026-01-05T12:00:00+08:00'),
      { at: '2026-01-05T04:00:00Z' },
      true,
    ],
    ['a Date', is('at', 'lessThan', new Date(2)), { at: new Date(1) }, true],
    ['a day', is('day', 'greaterThan', '2026-01-05'), { day: '2026-01-10' }, true],
    ['a time of day', is('time', 'lessThan', '10:00'), { time: '09:30' }, true],
    ['a list', is('tags', 'someFact:in', ['a', 'b']), { tags: ['c', 'b'] }, true],
    ['a fact that is not there', is('model', 'notEqual', 'code'), {}, false],
    ['not of a fact that is null', { not: is('model', 'equal', 'code') }, { model: null }, true],
    ['a named condition', { condition: 'night' }, { hour: 3 }, true],
  ] as const satisfies readonly (readonly [string, PlainCondition, object, boolean])[]) {
    it(what, () => {
      const match = compile([{ conditions: condition }], {
        facts: FACTS,
        conditions: { night: is('hour', 'lessThan', 6) },
      });
      assert.equal(match(facts).length, matches ? 1 : 0);
    });
  }

  it('a fact that has the name of what every object inherits', () => {
    const match = compile([{ conditions: is('constructor', 'equal', 'x') }], {
      facts: { constructor: 'string' },
    });
    assert.deepEqual([match({}).length, match({ constructor: 'x' }).length], [0, 1]);
  });

  it('refuses rules with all of their faults, each with its path', () => {
    const rules = [
      { conditions: is('models', 'equal', 'code') },
      { conditions: is('hour', 'equals', 1), priority: 0 },
      { conditions: { all: [] } },
      { conditions: { all: [is('hour', 'equal', 1)], any: [is('hour', 'equal', 1)] } as PlainCondition },
      { conditions: { condition: 'nigth' } },
      { conditions: is('hour', 'equal', '5') },
      { conditions: is('tags', 'contains', 7) },
      { conditions: is('price', 'in', [1, 'x']) },
      { conditions: is('model', 'lessThan', 'b') },
    ];
    const conditions = { night: { not: { condition: 'dark' } }, dark: { condition: 'night' } };
    const faults = faultsOf(() => compile(rules, { facts: FACTS, conditions }), 'INVALID_DOCUMENT');
    const expected: readonly (readonly [string, RegExp])[] = [
      ['conditions.night', /refers to itself: night → dark → night/],
      ['rules[0].conditions.all[0].fact', /`models`.*did you mean `model`/],
      ['rules[1].conditions.all[0].operator', /No operator is called `equals`/],
      ['rules[1].priority', /0 stands here; a priority is a whole number from 1/],
      ['rules[2].conditions.all', /`all` is empty/],
      ['rules[3].conditions', /One node holds `all` and `any`/],
      ['rules[4].conditions.condition', /No condition is called `nigth`/],
      ['rules[5].conditions.all[0].value', /"5" is not a finite number; the fact is of type number/],
      ['rules[6].conditions.all[0].value', /7 is not a string; the fact is of type list/],
      ['rules[7].conditions.all[0].value[1]', /"x" is not a number/],
      [
        'rules[8].conditions.all[0].operator',
        /`lessThan` needs values in an order; `model` is of type string/,
      ],
    ];
    assert.deepEqual(
      faults.map(([path]) => path),
      expected.map(([path]) => path),
    );
    for (const [i, [, pattern]] of expected.entries()) assert.match(faults[i]![1], pattern);
  });

  it('refuses a type that it does not know', () => {
    const facts = { hour: 'nubmer' } as unknown as FactSchema;
    const [fault] = faultsOf(() => compile([], { facts }), 'INVALID_DOCUMENT');
    assert.match(fault![1], /"nubmer" is no type of a fact.*did you mean `number`/);
  });

  it('refuses facts that are not of their type, all of them, and only facts that rules may read', () => {
    const match = compile([{ conditions: is('hour', 'lessThan', 3) }], { facts: FACTS });
    const facts = { hour: Number.NaN, vip: 'yes', at: '2026-01-05', tags: [1], other: Symbol('x') };
    const faults = faultsOf(() => match(facts as never), 'INVALID_FACTS');
    assert.deepEqual(
      faults.map(([path]) => path),
      ['facts.hour', 'facts.vip', 'facts.at', 'facts.tags'],
    );
  });

  it('refuses facts that are not of their type, whatever the other facts are', () => {
    const less = { fact: 'hour', operator: 'lessThan', value: { fact: 'limit' } };
    const rules = [{ conditions: { all: [{ fact: 'model', operator: 'equal', value: 'a' }, less] } }];
    const match = compile(rules, { facts: { ...FACTS, limit: 'number' } });
    for (const model of ['a', 'b']) {
      const facts = { model, hour: 1, limit: '2' };
      const [[path] = []] = faultsOf(() => match(facts as never), 'INVALID_FACTS');
      assert.equal(path, 'facts.limit');
    }
  });

  for (const [what, call] of [
    ['no rules at all', () => compile(null as never, { facts: FACTS })],
    ['rules that are no list', () => compile({} as never, { facts: FACTS })],
    ['a rule that is nothing', () => compile([null as never], { facts: FACTS })],
    ['no facts at all', () => compile([], { facts: FACTS })(null as never)],
    ['facts as a list', () => compile([], { facts: FACTS })([1] as never)],
  ] as const) {
    it(`refuses ${what} in words of its own`, () => {
      assert.throws(call, RatebookError);
    });
  }

  it('needs no rules', () => {
    assert.deepEqual(compile([], { facts: FACTS })({ hour: 1 }), []);
  });
});
