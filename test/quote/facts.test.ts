import { formatDecimal } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import {
  type Asked,
  type Document,
  charge,
  inputOf,
  instant,
  priced,
  refusalOf,
  rule,
  shown,
  strategyFrom,
  when,
} from './priced.js';

const PRICES = { one: { model: 'flat', amount: 1 }, two: { model: 'flat', amount: 2 } };
/** Costs 2 where the condition holds, else 1. */
const told = (facts: Document, condition: Document, more: Document = {}): Document => ({
  facts,
  prices: PRICES,
  ...more,
  rules: [charge('one', 'x'), charge('two', 'x', { priority: 2, ...condition })],
});
const typed = (type: string, more: Document = {}) => ({ n: { type, ...more } });
const is = (value: unknown) => when('n', 'equal', value);

describe('quote: facts that are refused', () => {
  for (const [name, facts, sent, expected] of [
    ['missing', typed('decimal'), {}, 'is missing; test needs it as a decimal at the moment usage'],
    ['of an article', typed('integer'), {}, 'is missing; test needs it as an integer at the moment usage'],
    ['no number', typed('decimal'), { n: 'x' }, '"x" is not a number'],
    ['no whole number', typed('integer'), { n: '1.5' }, '1.5 is not a whole number'],
    [
      'too many digits',
      typed('decimal'),
      { n: '0.1234567890123456789' },
      '0.1234567890123456789 has more than 16 integer or 18 fraction digits',
    ],
    ['below min', typed('decimal', { min: 2 }), { n: 1 }, '1 is below 2'],
    ['above max', typed('decimal', { max: 2 }), { n: 2.5 }, '2.5 is above 2'],
    [
      'a date above max',
      typed('date', { max: '2026-01-05' }),
      { n: '2026-01-06' },
      '2026-01-06 is above 2026-01-05',
    ],
    ['not in one_of', typed('string', { one_of: ['a', 'b'] }), { n: 'c' }, '"c" is not one of a, b'],
    [
      'not in one_of, as a number',
      typed('decimal', { one_of: ['1.0', '2'] }),
      { n: 3 },
      '"3" is not one of 1, 2',
    ],
    [
      'a list with a string that is not in one_of',
      typed('list', { one_of: ['a', 'b'] }),
      { n: ['a', 'c'] },
      '"c" is not one of a, b',
    ],
    ['no list', typed('list'), { n: 'a' }, '"a" is not a list'],
    ['a boolean of another word', typed('boolean'), { n: 'yes' }, '"yes" is neither true nor false'],
    [
      'an instant without offset',
      typed('instant'),
      { n: '2026-01-05T12:00:00' },
      '"2026-01-05T12:00:00" has no offset from UTC; write it out, as in 2026-01-05T12:00:00+08:00 or …Z',
    ],
  ] as const) {
    it(name, async () => {
      const value = {
        string: 'a',
        boolean: 'true',
        list: undefined,
        date: '2026-01-01',
        instant: '2026-01-01T00:00:00Z',
      }[facts.n.type];
      const condition = facts.n.type === 'list' ? when('n', 'contains', 'a') : is(value ?? 1);
      assert.equal(
        await refusalOf(told(facts, condition), { facts: sent }),
        `INVALID_FACTS facts.n: ${expected}`,
      );
    });
  }

  const known = { input_tokens: { type: 'decimal', default: 0 }, model: { type: 'string', optional: true } };
  const document = told(known, when('input_tokens', 'greaterThan', 5));
  for (const [name, asked, expected] of [
    [
      'unknown, close to one',
      { facts: { input_token: 1 } },
      'facts.input_token: is not a fact of test; did you mean input_tokens?',
    ],
    ['unknown, close to none', { facts: { zzz: 1 } }, 'facts.zzz: is not a fact of test'],
    [
      'unknown, close to one that is built in',
      { facts: { occured_at: 1 } },
      'facts.occured_at: is not a fact of test; did you mean occurred_at?',
    ],
    [
      'computed from the instant',
      { facts: { local_hour: 3 } },
      'facts.local_hour: is computed by Ratebook; leave it out',
    ],
    [
      'a running total',
      { facts: { 'used.one': 3 } },
      'facts.used.one: is computed by Ratebook; leave it out',
    ],
    [
      'every violation at once',
      { facts: { input_tokens: 'x', zzz: 1, local_hour: 2 } },
      'facts.input_tokens: "x" is not a number; facts.zzz: is not a fact of test; facts.local_hour: is computed by Ratebook; leave it out',
    ],
    ['with the place of the use', { usage: [{}, { zzz: 1 }] }, 'usages[1].facts.zzz: is not a fact of test'],
    ['a total of nothing', { used: { on: 3 } }, 'used.on: is no price or counter of test; did you mean one?'],
    [
      'totals and facts together',
      { used: { on: 3 }, facts: { zzz: 1 } },
      'used.on: is no price or counter of test; did you mean one?; facts.zzz: is not a fact of test',
    ],
    ['a total below 0', { used: { one: -3 } }, 'used.one: -3 is below 0'],
  ] as const) {
    it(name, async () => {
      assert.equal(await refusalOf(document, asked), `INVALID_FACTS ${expected}`);
    });
  }

  const derived = told(known, when('twice', 'greaterThan', 5), {
    derive: { twice: { product: ['input_tokens', 2] } },
  });
  it('derived', async () => {
    assert.equal(
      await refusalOf(derived, { facts: { twice: 1 } }),
      'INVALID_FACTS facts.twice: is computed by Ratebook; leave it out',
    );
  });

  const dated = told(
    {},
    {
      conditions: {
        all: [
          { fact: 'local_hour', operator: 'lessThan', value: 8 },
          { fact: 'account_age_days', operator: 'lessThan', value: 8 },
        ],
      },
    },
  );
  for (const [name, sent, expected] of [
    [
      'no instant, and facts of the account',
      {},
      'facts.occurred_at: is missing; local_hour is read from it; facts.account_age_days: is missing; a quote without an account sends it itself',
    ],
    [
      'a wrong instant is said once',
      { occurred_at: 'noon', account_age_days: 1 },
      'facts.occurred_at: "noon" is not a time as RFC 3339 has it, such as 2026-01-05T12:00:00+08:00',
    ],
    [
      'a wrong fact of the account is said once',
      { occurred_at: '2026-01-05T12:00:00Z', account_age_days: 'x' },
      'facts.account_age_days: "x" is not a number',
    ],
  ] as const) {
    it(name, async () => {
      assert.equal(await refusalOf(dated, { facts: sent }), `INVALID_FACTS ${expected}`);
    });
  }
});

describe('quote: facts as a message sends them', () => {
  const at = instant('2026-01-05T12:00:00Z') ?? 0n;
  for (const [type, given, value, expected] of [
    ['decimal', { kind: 'text', type: 'integer', text: '2' }, 2, '2: x 2'],
    ['integer', { kind: 'text', type: 'decimal', text: '2.0' }, 2, '2: x 2'],
    ['instant', { kind: 'instant', at }, '2026-01-05T13:00:00+01:00', '2: x 2'],
    [
      'string',
      { kind: 'text', type: 'decimal', text: '2' },
      '2',
      /facts.n: is sent as decimal; string is expected/,
    ],
    [
      'decimal',
      { kind: 'text', type: 'string', text: '2' },
      2,
      /facts.n: is sent as string; decimal is expected/,
    ],
    ['integer', { kind: 'text', type: 'decimal', text: '2.5' }, 2, /facts.n: 2.5 is not a whole number/],
    [
      'instant',
      { kind: 'text', type: 'date', text: '2026-01-05' },
      '2026-01-05T13:00:00+01:00',
      /facts.n: is sent as date; instant is expected/,
    ],
    ['string', { kind: 'list', texts: ['a'] }, 'a', /facts.n: is sent as list; string is expected/],
  ] as const) {
    it(`${given.kind === 'text' ? given.type : given.kind} for ${type}: ${String(expected)}`, async () => {
      const strategy = strategyFrom(told(typed(type), is(value)));
      const input = { ...inputOf({}), usages: [new Map([['n', given]])] };
      if (typeof expected === 'string') assert.equal(shown(await priced(strategy, input)), expected);
      else await assert.rejects(priced(strategy, input), expected);
    });
  }
});

describe('quote: optional facts and defaults', () => {
  const rows = [
    ['eu', 2],
    ['us', 3],
  ];
  const lookup = { rate: { by: ['n'], type: 'decimal', rows } };
  const text = { type: 'string', optional: true };
  for (const [name, document, sent, expected] of [
    ['a default stands in', told(typed('decimal', { default: 7 }), is(7)), {}, '2: x 2'],
    ['what was sent beats it', told(typed('decimal', { default: 7 }), is(7)), { n: 1 }, '1: x 1'],
    ['false is a value', told(typed('boolean', { default: true }), is(false)), { n: false }, '2: x 2'],
    ['an optional fact that was not sent: false', told({ n: text }, is('a')), {}, '1: x 1'],
    ['even what asks for another value', told({ n: text }, when('n', 'notEqual', 'a')), {}, '1: x 1'],
    [
      'a list holds what one_of has',
      told(typed('list', { one_of: ['a', 'b'] }), when('n', 'contains', 'a')),
      { n: ['b', 'a'] },
      '2: x 2',
    ],
    [
      'derived from one that was not sent, in a condition',
      told({ n: { type: 'decimal', optional: true } }, when('d', 'greaterThan', 1), {
        derive: { d: { sum: ['n', 1] } },
      }),
      {},
      'INVALID_FACTS facts.d: cannot be derived: the optional fact n was not sent',
    ],
    [
      'derived from derived from one that was not sent',
      told({ n: { type: 'decimal', optional: true } }, when('e', 'greaterThan', 1), {
        derive: { d: { sum: ['n', 1] }, e: { sum: ['d', 1] } },
      }),
      {},
      'INVALID_FACTS facts.e: cannot be derived: cannot be derived: the optional fact n was not sent',
    ],
    [
      'a missing row that a condition reads',
      told({ n: { type: 'string' } }, when('rate', 'greaterThan', 2), { lookups: lookup }),
      { n: 'uk' },
      'INVALID_FACTS facts.rate: the lookup has no row for n uk',
    ],
    [
      'a missing key that a condition reads',
      told({ n: text }, when('rate', 'greaterThan', 2), { lookups: lookup }),
      {},
      'INVALID_FACTS facts.rate: its key n is missing: the optional fact n was not sent',
    ],
    [
      '`otherwise` gives a value',
      told({ n: { type: 'string' } }, when('rate', 'greaterThan', 2), {
        lookups: { rate: { ...lookup.rate, otherwise: 9 } },
      }),
      { n: 'uk' },
      '2: x 2',
    ],
    [
      '`otherwise` gives another fact',
      told({ n: { type: 'string' }, list: { type: 'decimal' } }, when('rate', 'greaterThan', 2), {
        lookups: { rate: { ...lookup.rate, otherwise: { fact: 'list' } } },
      }),
      { n: 'uk', list: 1 },
      '1: x 1',
    ],
    [
      'a row that is there',
      told({ n: { type: 'string' } }, when('rate', 'greaterThan', 2), { lookups: lookup }),
      { n: 'us' },
      '2: x 2',
    ],
    [
      'group_by what was not sent',
      { ...told({ n: text }, is('a')), prices: { ...PRICES, one: { ...PRICES.one, group_by: ['n'] } } },
      {},
      'INVALID_FACTS facts.n: is needed by one, but the optional fact n was not sent',
    ],
  ] as const) {
    it(name, async () => {
      const asked: Asked = { facts: sent };
      const answer = expected.startsWith('INVALID')
        ? await refusalOf(document, asked)
        : shown(await priced(document, asked));
      assert.equal(answer, expected);
    });
  }

  const priceOf = (...rules: readonly Document[]): Document => ({
    facts: { n: { type: 'string' } },
    lookups: lookup,
    prices: {
      deck: { model: 'per_unit', quantity: 1, unit_price: { fact: 'rate' } },
      flat: { model: 'flat', amount: 5 },
    },
    rules,
  });
  for (const [name, document, n, expected] of [
    ['the winning price reads it', priceOf(charge('deck')), 'us', '3: deck 3'],
    [
      'a missing row that the winning price reads',
      priceOf(charge('deck')),
      'uk',
      'INVALID_FACTS facts.rate: is needed by deck, but the lookup has no row for n uk',
    ],
    [
      'a missing row that only a losing price reads',
      priceOf(charge('deck', 'x'), charge('flat', 'x', { priority: 2 })),
      'uk',
      '5: x 5',
    ],
    [
      'a missing row that a matching discount reads',
      priceOf(charge('flat'), rule('off', 'discount', { percent: { fact: 'rate' } })),
      'uk',
      'INVALID_FACTS facts.rate: is needed by off, but the lookup has no row for n uk',
    ],
    [
      'a missing row that a discount reads which does not match',
      priceOf(
        charge('flat'),
        rule('off', 'discount', { percent: { fact: 'rate' } }, when('n', 'equal', 'us')),
      ),
      'uk',
      '5: flat 5',
    ],
  ] as const) {
    it(name, async () => {
      const asked: Asked = { facts: { n } };
      const answer = expected.startsWith('INVALID')
        ? await refusalOf(document, asked)
        : shown(await priced(document, asked));
      assert.equal(answer, expected);
    });
  }

  it('a missing row of a later use says which', async () => {
    assert.match(
      await refusalOf(priceOf(charge('deck')), { usage: [{ n: 'us' }, { n: 'uk' }] }),
      /^INVALID_FACTS usages\[1\]\.facts\.rate: is needed by deck/,
    );
  });
});

describe('quote: built-in facts', () => {
  const at = '2026-01-04T23:30:00Z'; // Monday the fifth, 07:30, in Shanghai
  for (const [fact, value] of [
    ['local_hour', 7],
    ['local_time', '07:30'],
    ['local_weekday', 1],
    ['local_day', 5],
    ['local_month', 1],
    ['local_date', '2026-01-05'],
    ['occurred_at', '2026-01-05T07:30:00+08:00'],
  ] as const) {
    it(`${fact} is ${value} in the zone of the document`, async () => {
      const document = { ...told({}, when(fact, 'equal', value)), time_zone: 'Asia/Shanghai' };
      assert.equal(shown(await priced(document, { facts: { occurred_at: at } })), '2: x 2');
    });
  }
  for (const [fact, value] of [
    ['account.id', 'acme'],
    ['account_age_days', 3],
    ['account_age_months', 3],
    ['subscription_age_months', 3],
  ] as const) {
    it(`${fact} is sent by a quote without an account`, async () => {
      assert.equal(
        shown(await priced(told({}, when(fact, 'equal', value)), { facts: { [fact]: value } })),
        '2: x 2',
      );
    });
  }
  it('a calendar is a lookup by local_date', async () => {
    const holiday = {
      holiday: { by: ['local_date'], type: 'boolean', rows: [['2026-01-05', true]], otherwise: false },
    };
    const document = {
      ...told({}, when('holiday', 'equal', true), { lookups: holiday }),
      time_zone: 'Asia/Shanghai',
    };
    assert.equal(shown(await priced(document, { facts: { occurred_at: at } })), '2: x 2');
    assert.equal(shown(await priced(document, { facts: { occurred_at: '2026-01-05T23:30:00Z' } })), '1: x 1');
  });
});

describe('quote: derive', () => {
  const derived = (derive: Document): Document => ({
    facts: { a: { type: 'decimal' }, b: { type: 'decimal' } },
    derive: { d: derive },
    prices: { one: { model: 'per_unit', quantity: 'd', unit_price: 1 } },
    rules: [charge('one')],
  });
  for (const [name, derive, expected] of [
    ['sum', { sum: ['a', 'b', 1] }, '8.5'],
    ['difference', { difference: ['a', 'b', 1] }, '1.5'],
    ['product', { product: ['a', 'b'] }, '12.5'],
    ['greatest', { greatest: ['a', 'b', 1] }, '5'],
    ['least', { least: ['a', 'b'] }, '2.5'],
    ['of one', { difference: ['a'] }, '5'],
    ['min', { difference: ['b', 'a'], min: 0 }, '0'],
    ['max', { sum: ['a', 'b'], max: { fact: 'a' } }, '5'],
    ['round', { product: ['a', 'b'], round: { to: 1, mode: 'half_even' } }, '12'],
  ] as const) {
    it(name, async () => {
      assert.equal(
        formatDecimal((await priced(derived(derive), { facts: { a: 5, b: 2.5 } })).amount),
        expected,
      );
    });
  }
});
