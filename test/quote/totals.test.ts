import assert from 'node:assert/strict';
import {
  type Asked,
  type Document,
  amountsOf,
  charge,
  priced,
  refusalOf,
  rule,
  shown,
  when,
} from './priced.js';

/** The first ten units cost 1 each, those after them 0.5. */
const tiers = [{ up_to: 10, unit_price: 1 }, { unit_price: 0.5 }];
const FACTS = {
  a: { type: 'decimal', default: 0 },
  b: { type: 'decimal', default: 0 },
  team: { type: 'string', default: 'x' },
  area: { type: 'string', default: 'y' },
};
const positive = (fact: string) => when(fact, 'greaterThan', 0);
const one = (more: Document = {}): Document => ({
  facts: FACTS,
  prices: { a: { model: 'graduated', quantity: 'a', tiers, ...more } },
  rules: [charge('a')],
});
const ask = (...usage: readonly NonNullable<Asked['usage']>[number][]): Asked => ({ usage });
const at = (occurred_at: string, a = 10) => ({ occurred_at, a });

describe('quote: running totals', () => {
  for (const [name, document, asked, expected] of [
    ['each use sees the ones before', one(), ask({ a: 10 }, { a: 10 }), '10 5'],
    ['from a total that was given', one(), { ...ask({ a: 4 }, { a: 4 }), used: { a: 8 } }, '3 2'],
    ['a use of nothing moves nothing', one(), ask({ a: 0 }, { a: 10 }), '0 10'],
    ['by counter name', one({ counter: 'all' }), { ...ask({ a: 10 }), used: { all: 10 } }, '5'],
    [
      'by price, whose counter has a name',
      one({ counter: 'all' }),
      { ...ask({ a: 10 }), used: { a: 10 } },
      '5',
    ],
    [
      'a counter for each group',
      one({ group_by: ['team'] }),
      ask({ a: 10 }, { a: 10, team: 'y' }, { a: 10 }),
      '10 10 5',
    ],
    [
      'what was given stands for every group',
      one({ group_by: ['team'] }),
      { ...ask({ a: 10 }, { a: 10, team: 'y' }), used: { a: 10 } },
      '5 5',
    ],
    [
      'resets: each starts at zero',
      one({ resets: 'each' }),
      { ...ask({ a: 10 }, { a: 10 }), used: { a: 10 } },
      '10 10',
    ],
    ['without an instant there is one window', one({ resets: 'hour' }), ask({ a: 10 }, { a: 10 }), '10 5'],
  ] as const) {
    it(name, async () => {
      assert.equal(amountsOf(await priced(document, asked)), expected);
    });
  }

  // Two uses in one window cost 10 and 5; in two windows 10 and 10.
  for (const [resets, first, second, expected] of [
    ['hour', '2026-01-01T10:00:00Z', '2026-01-01T10:59:59Z', '10 5'],
    ['hour', '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', '10 10'],
    ['day', '2026-01-01T00:00:00Z', '2026-01-01T23:59:59Z', '10 5'],
    ['day', '2026-01-01T23:59:59Z', '2026-01-02T00:00:00Z', '10 10'],
    ['week', '2026-01-05T00:00:00Z', '2026-01-11T23:59:59Z', '10 5'],
    ['week', '2026-01-04T23:59:59Z', '2026-01-05T00:00:00Z', '10 10'],
    ['month', '2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z', '10 5'],
    ['month', '2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', '10 10'],
    ['quarter', '2026-01-01T00:00:00Z', '2026-03-31T23:59:59Z', '10 5'],
    ['quarter', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z', '10 10'],
    ['year', '2026-01-01T00:00:00Z', '2026-12-31T23:59:59Z', '10 5'],
    ['year', '2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '10 10'],
    ['never', '2016-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '10 5'],
    ['period', '2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', '10 10'],
  ] as const) {
    it(`resets: ${resets}, ${first} and ${second}`, async () => {
      const answer = await priced(one({ resets }), ask(at(first), at(second)));
      assert.equal(amountsOf(answer), expected);
    });
  }

  const january = '2026-01-15T00:00:00Z';
  const february = '2026-02-15T00:00:00Z';
  for (const [name, document, asked, expected] of [
    [
      'what was given stands in the window of the first use',
      one(),
      { ...ask(at(january), at(february)), used: { a: 10 } },
      '5 10',
    ],
    [
      'and is there again after another window',
      one(),
      { ...ask(at(january), at(february), at(january)), used: { a: 10 } },
      '5 10 5',
    ],
    [
      'windows follow the zone of the document',
      { ...one(), time_zone: 'Asia/Shanghai' },
      ask(at('2026-01-31T15:59:59Z'), at('2026-01-31T16:00:00Z')),
      '10 10',
    ],
    ['an earlier use may come later', one(), ask(at(february), at(january), at(february)), '10 10 5'],
  ] as const) {
    it(name, async () => {
      assert.equal(amountsOf(await priced(document, asked)), expected);
    });
  }

  it('two totals of one counter that differ are refused', async () => {
    assert.equal(
      await refusalOf(one({ counter: 'all' }), { used: { a: 3, all: 4 } }),
      'INVALID_FACTS used.all: is 4, but another total of the counter all is 3',
    );
  });
});

describe('quote: shared counters', () => {
  const two = (a: Document, b: Document): Document => ({
    facts: FACTS,
    prices: {
      a: { model: 'per_unit', quantity: 'a', unit_price: 1, ...a },
      b: { model: 'per_unit', quantity: 'b', unit_price: 10, ...b },
    },
    rules: [charge('a', 'a', positive('a')), charge('b', 'b', positive('b'))],
  });
  const graduated = { model: 'graduated', tiers, unit_price: undefined, counter: 'all' };
  const free = (per?: string) => ({ free: { quantity: 5, counter: 'pool', ...(per && { per }) } });
  const maximum = (per?: string) => ({ maximum: { amount: 12, counter: 'cap', ...(per && { per }) } });
  const january = '2026-01-15T00:00:00Z';
  const next = '2026-01-16T00:00:00Z';
  for (const [name, document, asked, expected] of [
    [
      'prices that name one counter share its total',
      two(graduated, graduated),
      ask({ a: 8 }, { b: 8 }),
      '8 5',
    ],
    [
      'in the same group, in whatever order its facts are named',
      two({ ...graduated, group_by: ['team', 'area'] }, { ...graduated, group_by: ['area', 'team'] }),
      ask({ a: 8 }, { b: 8 }),
      '8 5',
    ],
    ['in one use too, in the order of the lines', two(graduated, graduated), ask({ a: 8, b: 8 }), '13'],
    [
      'a free quantity shared by two prices',
      two(free(), free()),
      ask({ a: 3 }, { b: 3 }, { a: 3 }),
      '0 10 3',
    ],
    [
      'with a window of its own',
      two(free('day'), free('day')),
      ask({ a: 5, occurred_at: january }, { b: 1, occurred_at: january }, { b: 5, occurred_at: next }),
      '0 10 0',
    ],
    ['of which some was used before', two(free(), free()), { ...ask({ a: 3 }), used: { pool: 4 } }, '2'],
    ['a maximum shared by two prices', two(maximum(), maximum()), ask({ a: 8 }, { b: 1 }, { a: 3 }), '8 4 0'],
    [
      'with a window of its own',
      two(maximum('day'), maximum('day')),
      ask({ a: 12, occurred_at: january }, { b: 1, occurred_at: january }, { b: 1, occurred_at: next }),
      '12 0 10',
    ],
    [
      'of which some was charged before',
      two(maximum(), maximum()),
      { ...ask({ a: 8 }), used: { cap: 10 } },
      '2',
    ],
    [
      'a price used before has taken the free units, as if nobody shared them',
      two(free(), {}),
      { ...ask({ a: 3 }), used: { a: 100 } },
      '3',
    ],
    [
      'a price used before has been charged the maximum, as if nobody shared it',
      two(maximum(), {}),
      { ...ask({ a: 3 }), used: { a: 100 } },
      '0',
    ],
    [
      'the short form is of each price alone',
      two({ free: 5 }, { free: 5 }),
      ask({ a: 5 }, { b: 5 }, { a: 1 }),
      '0 0 1',
    ],
  ] as const) {
    it(`${name}: ${expected}`, async () => {
      assert.equal(amountsOf(await priced(document, asked)), expected);
    });
  }

  it('percentages count their events and their money', async () => {
    const card: Document = {
      facts: { paid: { type: 'decimal' } },
      prices: { fee: { model: 'percentage', of: 'paid', percent: 10, free_events: 2 } },
      rules: [charge('fee')],
    };
    assert.equal(amountsOf(await priced(card, ask({ paid: 10 }, { paid: 10 }, { paid: 10 }))), '0 0 1');
    assert.equal(
      amountsOf(await priced(card, { ...ask({ paid: 10 }, { paid: 10 }), used: { 'fee.events': 1 } })),
      '0 1',
    );
  });
});

describe('quote: conditions on running totals', () => {
  const rules = [
    charge('a'),
    rule('loyal', 'discount', { percent: 50 }, when('used.a', 'greaterThanInclusive', 10)),
  ];
  const flat: Document = {
    facts: FACTS,
    prices: { a: { model: 'per_unit', quantity: 'a', unit_price: 1 } },
    rules,
  };
  const byZone: Document = {
    ...flat,
    lookups: {
      zone: {
        by: ['team'],
        type: 'string',
        rows: [
          ['x', 'east'],
          ['y', 'west'],
          ['z', 'east'],
        ],
      },
    },
    prices: { a: { model: 'per_unit', quantity: 'a', unit_price: 1, group_by: ['zone'] } },
  };
  for (const [name, document, asked, expected] of [
    ['0 when nothing was', flat, ask({ a: 10 }), '10'],
    ['as the uses before left it', flat, ask({ a: 10 }, { a: 10 }), '10 5'],
    ['as it was given', flat, { ...ask({ a: 1 }), used: { a: 10 } }, '0.5'],
    [
      'events',
      {
        ...flat,
        rules: [rules[0], rule('third', 'discount', { percent: 100 }, when('used.a.events', 'equal', 2))],
      },
      ask({ a: 1 }, { a: 1 }, { a: 1 }),
      '1 1 0',
    ],
    [
      'of the group',
      { ...flat, prices: { a: { model: 'per_unit', quantity: 'a', unit_price: 1, group_by: ['team'] } } },
      ask({ a: 10 }, { a: 10, team: 'y' }, { a: 10 }),
      '10 10 5',
    ],
    [
      'of a group that is looked up',
      byZone,
      ask({ a: 10 }, { a: 10, team: 'y' }, { a: 10, team: 'z' }),
      '10 10 5',
    ],
  ] as const) {
    it(name, async () => {
      assert.equal(amountsOf(await priced(document, asked)), expected);
    });
  }

  it('a group that is not found is an error', async () => {
    assert.equal(
      await refusalOf(byZone, ask({ a: 1, team: 'q' })),
      'INVALID_FACTS facts.used.a: is counted for each zone: the lookup has no row for team q',
    );
  });

  it('quoting with `used` is quoting what came before', async () => {
    const whole = await priced(flat, ask({ a: 10 }, { a: 6 }));
    const rest = await priced(flat, { ...ask({ a: 6 }), used: { a: 10 } });
    assert.equal(shown(rest), shown({ ...whole, evaluations: whole.evaluations.slice(1) }));
  });
});
