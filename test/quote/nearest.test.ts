import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { formatDecimal } from '../../src/money/decimal.js';
import type { Alternative } from '../../src/quote/nearest/alternatives.js';
import { type Nearest, nearestOutcomes } from '../../src/quote/nearest/nearest.js';
import type { UseOutcome } from '../../src/quote/nearest/use-outcome.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow, answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { formatFactValue } from '../../src/strategy/fact-value.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { readExample } from '../rules/example.js';
import {
  type Asked,
  type Document,
  type Use,
  amountsOf,
  charge,
  inputOf,
  priced,
  rule,
  strategyFrom,
  when,
} from './priced.js';

/** What is told of each use, a line each; both engines are asked and agree. */
async function near(strategy: Strategy | Document, asked: Asked): Promise<readonly (readonly string[])[]> {
  const read = 'moments' in strategy ? (strategy as Strategy) : strategyFrom(strategy);
  const input = inputOf(asked);
  const found = answerNow(compiledEngine(read).match, nearestOutcomes(read, input)).map(told);
  const again = await answerWith(referenceEngine(read).match, nearestOutcomes(read, input));
  assert.deepEqual(again.map(told), found);
  return found;
}

function told({ alternatives, nextSteps }: Nearest): readonly string[] {
  return [...alternatives.map(shownAlternative), ...nextSteps.map(({ line, what }) => `${line}: ${what}`)];
}

function shownAlternative({ fact, value, insteadOf, outcome, insteadOfOutcome }: Alternative): string {
  const [to, from] = [value, insteadOf].map((one) => (one === undefined ? 'nothing' : formatFactValue(one)));
  return `${fact} ${to} instead of ${from}: ${shownOutcome(outcome)} instead of ${shownOutcome(insteadOfOutcome)}`;
}

function shownOutcome(outcome: UseOutcome): string {
  return outcome.kind === 'priced' ? formatDecimal(outcome.total) : outcome.error.reason;
}

describe('quote: the nearest other outcome of the design’s example', () => {
  let llm: Strategy;
  before(async () => {
    const text = await readFile(
      new URL('../../../test/strategy/examples/llm-api.yaml', import.meta.url),
      'utf8',
    );
    const { strategy } = readExample({ name: 'llm-api.yaml', text });
    assert.ok(strategy);
    llm = strategy;
  });
  const call = {
    model: 'code',
    input_tokens: 1000,
    output_tokens: 0,
    occurred_at: '2026-01-05T17:30:00+08:00',
    account_age_days: 90,
  };

  it('an hour later it is cheaper', async () => {
    assert.deepEqual(await near(llm, { facts: call }), [
      [
        'account_age_days 29 instead of 90: 0.003 instead of 0.00375',
        'local_hour 18 instead of 17: 0.0025 instead of 0.00375',
        'local_hour 8 instead of 17: 0.0025 instead of 0.00375',
      ],
    ]);
    const later = { ...call, occurred_at: '2026-01-05T18:30:00+08:00' };
    assert.equal(amountsOf(await priced(llm, { facts: later })), '0.0025');
  });

  it('38 units below the next tier', async () => {
    const facts = { ...call, input_tokens: 0, output_tokens: 62 };
    const [found] = await near(llm, { facts, used: { output: 999_900 } });
    assert.deepEqual(found, [
      'account_age_days 29 instead of 90: 0.000496 instead of 0.00062',
      'output: 38 units below the next tier: up to 1000000 at 10 per 1000000, then 8 per 1000000.',
    ]);
  });

  it('without a price, what would have one', async () => {
    assert.deepEqual(await near(llm, { facts: { ...call, input_tokens: 0 } }), [
      [
        'input_tokens 1 instead of 0: 0.00000375 instead of NO_PRICE',
        'output_tokens 1 instead of 0: 0.00001 instead of NO_PRICE',
      ],
    ]);
  });
});

/** Three prices a unit and rules that choose among them. */
const document = (...rules: readonly Document[]): Document => ({
  facts: {
    units: { type: 'decimal', default: 10, min: 0, billable: true },
    other: { type: 'decimal', optional: true },
    size: { type: 'integer', default: 5 },
    grade: { type: 'integer', default: 3, one_of: [1, 3, 7] },
    weight: { type: 'decimal', default: 1.5 },
    plan: { type: 'string', default: 'free', one_of: ['free', 'pro', 'max'] },
    coupon: { type: 'string', optional: true },
    partner: { type: 'boolean', default: false },
    tags: { type: 'list', default: ['a'] },
    since: { type: 'date', default: '2026-03-01' },
    at: { type: 'time', default: '09:00' },
    seen: { type: 'instant', default: '2026-03-01T00:00:00Z' },
  },
  derive: { rest: { difference: ['units', 'size'] }, heavier: { greatest: ['size', 'weight'] } },
  lookups: {
    postage: {
      by: ['weight'],
      match: 'up_to',
      type: 'decimal',
      rows: [
        [1, 4],
        [2.25, 6],
        [5, 9],
      ],
    },
    rate: {
      by: ['heavier'],
      match: 'up_to',
      type: 'decimal',
      rows: [
        [5, 50],
        [9.5, 90],
      ],
    },
  },
  conditions: { big: { all: [{ fact: 'size', operator: 'greaterThan', value: 8 }] } },
  prices: {
    one: { model: 'per_unit', quantity: 'units', unit_price: 1 },
    two: { model: 'per_unit', quantity: 'units', unit_price: 2 },
    post: { model: 'flat', amount: { fact: 'postage' } },
    freight: { model: 'flat', amount: { fact: 'rate' } },
  },
  rules,
});
const one = charge('one', 'x');
const two = (conditions: Document, rest: Document = {}) =>
  charge('two', 'x', { priority: 2, ...conditions, ...rest });
const all = (...of: readonly unknown[]): Document => ({ conditions: { all: of } });
const is = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });

describe('quote: the nearest other outcome', () => {
  for (const [name, rules, facts, expected] of [
    ['nothing to say', [one], {}, []],
    [
      'an integer above a bound',
      [one, two(when('size', 'greaterThan', 8))],
      {},
      ['size 9 instead of 5: 20 instead of 10'],
    ],
    ['at a bound', [one, two(when('size', 'lessThan', 5))], {}, ['size 4 instead of 5: 20 instead of 10']],
    [
      'on both sides',
      [one, two(all(is('size', 'greaterThanInclusive', 4), is('size', 'lessThanInclusive', 6)))],
      {},
      ['size 7 instead of 5: 10 instead of 20', 'size 3 instead of 5: 10 instead of 20'],
    ],
    [
      'behind bounds that change nothing',
      [one, two(all(is('size', 'greaterThan', 20), is('size', 'notEqual', 7), is('size', 'notEqual', 9)))],
      {},
      ['size 21 instead of 5: 20 instead of 10'],
    ],
    [
      'a decimal by the smallest step that it is written in',
      [one, two(when('weight', 'greaterThan', 2))],
      { weight: 1.25 },
      ['weight 2.01 instead of 1.25: 20 instead of 10'],
    ],
    [
      'one of a few numbers',
      [one, two(when('grade', 'greaterThan', 4))],
      {},
      ['grade 7 instead of 3: 20 instead of 10'],
    ],
    [
      'a text among those it may be',
      [one, two(when('plan', 'notEqual', 'free'))],
      {},
      ['plan pro instead of free: 20 instead of 10', 'plan max instead of free: 20 instead of 10'],
    ],
    [
      'a text that a condition names, when none was sent',
      [one, two(when('coupon', 'equal', 'TWICE'))],
      {},
      ['coupon TWICE instead of nothing: 20 instead of 10'],
    ],
    [
      'an optional fact left out',
      [one, two(when('coupon', 'equal', 'TWICE'))],
      { coupon: 'TWICE' },
      ['coupon nothing instead of TWICE: 10 instead of 20'],
    ],
    [
      'a number that was not sent',
      [one, two(when('other', 'lessThan', 3))],
      {},
      ['other 2 instead of nothing: 20 instead of 10'],
    ],
    [
      'a boolean',
      [one, two(when('partner', 'equal', true))],
      {},
      ['partner true instead of false: 20 instead of 10'],
    ],
    [
      'an item more, an item less',
      [
        one,
        two(all(is('tags', 'contains', 'b'))),
        charge('two', 'y', { name: 'tagged', ...when('tags', 'contains', 'a') }),
      ],
      {},
      ['tags ["a","b"] instead of ["a"]: 40 instead of 30', 'tags [] instead of ["a"]: 10 instead of 30'],
    ],
    [
      'a date',
      [one, two(when('since', 'lessThan', '2026-03-01'))],
      {},
      ['since 2026-02-28 instead of 2026-03-01: 20 instead of 10'],
    ],
    [
      'a time of day',
      [one, two(when('at', 'greaterThan', '17:59'))],
      {},
      ['at 18:00 instead of 09:00: 20 instead of 10'],
    ],
    [
      'an instant, by the second',
      [one, two(when('seen', 'lessThan', '2026-02-01T00:00:00Z'))],
      {},
      ['seen 2026-01-31T23:59:59Z instead of 2026-03-01T00:00:00Z: 20 instead of 10'],
    ],
    [
      'a fact compared with another one',
      [one, two(when('size', 'greaterThan', { fact: 'other' }))],
      { other: 7 },
      ['other 4 instead of 7: 20 instead of 10', 'size 8 instead of 5: 20 instead of 10'],
    ],
    [
      'through a name',
      [one, two({ conditions: { not: { condition: 'big' } } })],
      {},
      ['size 9 instead of 5: 10 instead of 20'],
    ],
    [
      'a row of a lookup',
      [charge('post')],
      { units: 0 },
      ['weight 2.26 instead of 1.5: 9 instead of 6', 'weight 1 instead of 1.5: 4 instead of 6'],
    ],
    [
      'a fact through what is derived from it',
      [one, two(when('rest', 'greaterThan', 6))],
      {},
      ['size 3 instead of 5: 20 instead of 10', 'units 12 instead of 10: 24 instead of 10'],
    ],
    [
      'a fact through the greatest of several, and its row',
      [charge('freight')],
      { units: 0 },
      ['size 6 instead of 5: 90 instead of 50', 'weight 5.1 instead of 1.5: 90 instead of 50'],
    ],
    [
      'units that another rule prices, not merely more of them',
      [
        one,
        two(when('units', 'lessThan', 5)),
        rule('r', 'discount', { percent: 10 }, when('units', 'greaterThan', 12)),
      ],
      {},
      ['units 13 instead of 10: 11.7 instead of 10', 'units 4 instead of 10: 8 instead of 10'],
    ],
    [
      'units that only are more',
      [charge('one', 'x', when('units', 'greaterThan', 2)), two(when('units', 'lessThan', 0))],
      { units: 3 },
      ['units 2 instead of 3: NO_PRICE instead of 3'],
    ],
    [
      'that nothing costs nothing goes without saying',
      [charge('one', 'x', when('units', 'greaterThan', 0))],
      {},
      [],
    ],
    [
      'a discount',
      [one, rule('half', 'discount', { percent: 50 }, when('partner', 'equal', true))],
      {},
      ['partner true instead of false: 5 instead of 10'],
    ],
    [
      'no price',
      [charge('one', 'x', when('partner', 'equal', false))],
      {},
      ['partner true instead of false: NO_PRICE instead of 10'],
    ],
    [
      'not for sale',
      [one, rule('r', 'reject', { code: 'NO', message: 'Not here.' }, when('plan', 'equal', 'max'))],
      {},
      ['plan max instead of free: REJECTED instead of 10'],
    ],
    [
      'a price where there is none',
      [two(when('plan', 'equal', 'pro')), charge('one', 'x', when('plan', 'equal', 'max'))],
      {},
      [
        'plan pro instead of free: 20 instead of NO_PRICE',
        'plan max instead of free: 10 instead of NO_PRICE',
      ],
    ],
    [
      'a sale where there is none',
      [one, rule('r', 'reject', { code: 'NO', message: 'Not here.' }, when('plan', 'equal', 'free'))],
      {},
      [
        'plan pro instead of free: 10 instead of REJECTED',
        'plan max instead of free: 10 instead of REJECTED',
      ],
    ],
    [
      'another rule of the same price',
      [one, charge('one', 'x', { name: 'same', priority: 2, ...when('partner', 'equal', true) })],
      {},
      [],
    ],
    ['a value that the fact may not have', [one, two(when('units', 'lessThan', 0))], {}, []],
    [
      'nearest first and at most five, by the names of facts',
      [
        one,
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((coupon, i) =>
          rule(coupon, 'discount', { percent: i + 1 }, when('coupon', 'equal', coupon)),
        ),
        two(when('partner', 'equal', true)),
      ],
      {},
      [
        'coupon a instead of nothing: 9.9 instead of 10',
        'partner true instead of false: 20 instead of 10',
        'coupon b instead of nothing: 9.8 instead of 10',
        'coupon c instead of nothing: 9.7 instead of 10',
        'coupon d instead of nothing: 9.6 instead of 10',
      ],
    ],
  ] as const) {
    it(name, async () => {
      assert.deepEqual(await near(document(...rules), { facts }), [expected]);
    });
  }

  it('names the rules on both sides', () => {
    const strategy = strategyFrom(document(one, two(when('partner', 'equal', true))));
    const found = answerNow(compiledEngine(strategy).match, nearestOutcomes(strategy, inputOf({})));
    assert.deepEqual(
      found.map(({ alternatives }) =>
        alternatives.map(({ outcome, insteadOfOutcome }) => [outcome.rules, insteadOfOutcome.rules]),
      ),
      [[[['charge two'], ['charge one']]]],
    );
  });

  it('each use after the totals that earlier ones have left', async () => {
    const tiers = (price: number) => [{ up_to: 100, unit_price: price }, { unit_price: price / 2 }];
    const graduated = (price: number) => ({
      model: 'graduated',
      quantity: 'units',
      tiers: tiers(price),
      counter: 'c',
    });
    const tiered = {
      ...document(one, two(when('partner', 'equal', true))),
      prices: { one: graduated(2), two: graduated(4) },
    };
    const usage: readonly Use[] = [{ units: 90 }, { units: 20 }];
    assert.deepEqual(await near(tiered, { usage }), [
      [
        'partner true instead of false: 360 instead of 180',
        'x: 10 units below the next tier: up to 100 at 2, then 1.',
      ],
      ['partner true instead of false: 60 instead of 30'],
    ]);
  });

  it('up to the first use without a price', async () => {
    const some = document(charge('one', 'x', when('partner', 'equal', false)));
    assert.deepEqual(await near(some, { usage: [{}, { partner: true }, {}] }), [
      ['partner true instead of false: NO_PRICE instead of 10'],
      ['partner false instead of true: 10 instead of NO_PRICE'],
    ]);
  });

  it('nothing of facts that are refused', async () => {
    assert.deepEqual(await near(document(one), { facts: { units: -1 } }), []);
  });

  it('a tax on a bill', async () => {
    const tax = (country: string, percent: number) =>
      rule(country, 'tax', { percent }, { moment: 'invoice', ...when('account.country', 'equal', country) });
    const bill = {
      facts: { 'account.country': { type: 'string' } },
      prices: {},
      rules: [tax('DE', 19), tax('FR', 20)],
    };
    const facts = { occurred_at: '2026-01-05T00:00:00Z', 'account.country': 'DE' };
    assert.deepEqual(await near(bill, { moment: 'invoice', lines: { x: 100 }, facts }), [
      ['account.country FR instead of DE: 120 instead of 119'],
    ]);
  });

  for (const [uses, most] of [
    [1, 64],
    [40, 51],
    [1000, 2],
  ] as const) {
    it(`tries at most ${most} changes of each of ${uses} uses`, () => {
      // No change of 30 facts makes a difference, and 8 values lie on either side of each.
      const names = Array.from({ length: 30 }, (_, i) => `f${i}`);
      const strategy = strategyFrom({
        facts: Object.fromEntries(names.map((name) => [name, { type: 'integer', default: 50 }])),
        prices: { p: { model: 'flat', amount: 1 } },
        rules: [
          charge('p'),
          ...names.map((name) =>
            charge('p', 'p', {
              name,
              priority: 2,
              conditions: { any: Array.from({ length: 20 }, (_, i) => is(name, 'greaterThan', i * 5)) },
            }),
          ),
        ],
      });
      let questions = 0;
      const { match } = compiledEngine(strategy);
      const input = inputOf({ usage: Array.from({ length: uses }, () => ({})) });
      answerNow(
        (question) => {
          questions += 1;
          return match(question);
        },
        nearestOutcomes(strategy, input),
      );
      assert.equal(questions, uses * (most + 1));
    });
  }
});

describe('quote: what the clock would have to say', () => {
  const at = (zone: string, condition: Document, occurredAt: string) =>
    near({ ...document(one, two(condition)), time_zone: zone }, { facts: { occurred_at: occurredAt } });
  for (const [name, zone, condition, occurredAt, expected] of [
    [
      'an hour takes its minutes along',
      'UTC',
      all(is('local_hour', 'equal', 18), is('local_time', 'lessThan', '18:30')),
      '2026-01-05T17:20:00Z',
      ['local_hour 18 instead of 17: 20 instead of 10'],
    ],
    [
      'a time of day takes its hour along',
      'UTC',
      all(is('local_hour', 'equal', 18), is('local_time', 'greaterThanInclusive', '18:10')),
      '2026-01-05T17:20:00Z',
      [
        'local_hour 18 instead of 17: 20 instead of 10',
        'local_time 18:10 instead of 17:20: 20 instead of 10',
      ],
    ],
    [
      'a weekday has a date of its own',
      'UTC',
      all(is('local_weekday', 'equal', 6), is('local_date', 'greaterThan', '2026-01-10')),
      '2026-01-05T12:00:00Z',
      [],
    ],
    [
      'the first of a later month',
      'UTC',
      all(is('local_month', 'greaterThan', 2), is('local_day', 'equal', 1)),
      '2026-01-31T12:00:00Z',
      ['local_month 3 instead of 1: 20 instead of 10'],
    ],
    [
      'the last of an earlier month',
      'UTC',
      all(is('local_month', 'lessThan', 3), is('local_day', 'equal', 28)),
      '2026-04-05T12:00:00Z',
      ['local_month 2 instead of 4: 20 instead of 10'],
    ],
    [
      'no day that the month does not have',
      'UTC',
      when('local_day', 'equal', 31),
      '2026-02-05T12:00:00Z',
      [],
    ],
    ['no hour that clocks skip', 'Europe/Berlin', when('local_hour', 'equal', 2), '2026-03-29T12:00:00Z', []],
    ['no hour 24', 'UTC', when('local_hour', 'greaterThan', 23), '2026-03-29T12:00:00Z', []],
    [
      'the hour stays when summer time begins in between',
      'Europe/Berlin',
      all(is('local_weekday', 'equal', 7), is('local_hour', 'equal', 12)),
      '2026-03-28T11:00:00Z',
      ['local_weekday 7 instead of 6: 20 instead of 10'],
    ],
    [
      'a date',
      'Asia/Shanghai',
      when('local_date', 'greaterThanInclusive', '2026-06-01'),
      '2026-01-05T12:00:00Z',
      ['local_date 2026-06-01 instead of 2026-01-05: 20 instead of 10'],
    ],
    [
      'the instant itself',
      'UTC',
      when('occurred_at', 'greaterThan', '2026-06-01T00:00:00Z'),
      '2026-01-05T12:00:00Z',
      ['occurred_at 2026-06-01T00:00:01Z instead of 2026-01-05T12:00:00Z: 20 instead of 10'],
    ],
  ] as const) {
    it(name, async () => {
      assert.deepEqual(await at(zone, condition, occurredAt), [expected]);
    });
  }
});

describe('quote: how far it is to the next step', () => {
  const tiers = [
    { up_to: 10, unit_price: 2 },
    { up_to: 20, unit_price: 1, flat: 5 },
    { unit_price: 0.5, per: 100 },
  ];
  const percents = [
    { up_to: 100, percent: 3 },
    { percent: 2, flat: 1 },
  ];
  for (const [name, price, units, used, expected] of [
    [
      'graduated',
      { model: 'graduated', tiers },
      4,
      {},
      ['6 units below the next tier: up to 10 at 2, then 1 and 5 once.'],
    ],
    [
      'after a running total',
      { model: 'graduated', tiers },
      4,
      { p: 12.5 },
      ['3.5 units below the next tier: up to 20 at 1 and 5 once, then 0.5 per 100.'],
    ],
    [
      'at the end of a tier',
      { model: 'graduated', tiers },
      4,
      { p: 6 },
      ['At the end of its tier: up to 10 at 2, then 1 and 5 once.'],
    ],
    ['in the last tier', { model: 'graduated', tiers }, 30, {}, []],
    [
      'volume',
      { model: 'volume', tiers },
      4,
      {},
      ['6 units below the next tier: up to 10 all at 2, beyond it all at 1 and 5 once.'],
    ],
    [
      'percent of an amount',
      { model: 'graduated_percentage', tiers: percents },
      40,
      {},
      ['60 below the next tier: up to 100 at 3 %, then 2 % and 1 once.'],
    ],
    [
      'free units',
      { model: 'per_unit', unit_price: 1, free: 20 },
      4,
      { p: 10 },
      ['6 of 20 free units are left.'],
    ],
    ['free units used up', { model: 'per_unit', unit_price: 1, free: 20 }, 10, { p: 10 }, []],
    [
      'tiers after free units',
      { model: 'graduated', tiers, free: 20 },
      14,
      { p: 10 },
      ['6 units below the next tier: up to 10 at 2, then 1 and 5 once.'],
    ],
    [
      'free units that are shared',
      { model: 'per_unit', unit_price: 1, free: { quantity: 20, per: 'day', counter: 'shared' } },
      4,
      { shared: 3 },
      ['13 of 20 free units are left.'],
    ],
    [
      'a package',
      { model: 'package', size: 10, price: 1 },
      13,
      {},
      ['7 units are left of the package of 10.'],
    ],
    ['a full package', { model: 'package', size: 10, price: 1 }, 20, {}, []],
    [
      'a package that counts when it is full',
      { model: 'package', size: 10, price: 1, partial: 'down' },
      20,
      {},
      ['10 units below the next package of 10.'],
    ],
    [
      'a maximum',
      { model: 'per_unit', unit_price: 2, maximum: 50 },
      4,
      { p: 10 },
      ['22 below the most that it costs, 50.'],
    ],
    [
      'a maximum that is reached',
      { model: 'per_unit', unit_price: 2, maximum: 50 },
      40,
      {},
      ['It has reached the most that it costs, 50.'],
    ],
    [
      'a maximum that is shared',
      { model: 'per_unit', unit_price: 2, maximum: { amount: 50, per: 'day', counter: 'shared' } },
      4,
      { shared: 30 },
      ['12 below the most that it costs, 50.'],
    ],
    ['a maximum of percentages', { model: 'percentage', percent: 10, fixed: 1, maximum: 5 }, 10, {}, []],
    ['a price without steps', { model: 'per_unit', unit_price: 2 }, 4, {}, []],
    ['what is priced later', { model: 'graduated', tiers, aggregate: 'max' }, 4, {}, []],
  ] as const) {
    it(name, async () => {
      const asAmount = price.model.includes('percentage') ? { of: 'units' } : { quantity: 'units' };
      const counted = {
        ...document(charge('p', 'line')),
        prices: { p: { ...asAmount, ...price } },
        lookups: {},
      };
      const asked: Asked = { facts: { units, occurred_at: '2026-01-05T12:00:00Z' }, used: { ...used } };
      assert.deepEqual(await near(counted, asked), [expected.map((what) => `line: ${what}`)]);
    });
  }
});
