import assert from 'node:assert/strict';
import { RatebookError } from '../../src/errors/error.js';
import { formatDecimal } from '../../src/money/decimal.js';
import { quoteUse } from '../../src/quote/quote.js';
import { type Totals, copyTotals, openTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { type Asked, type Document, type Use, charge, inputOf, rule, strategyFrom, when } from './priced.js';

/** The first ten units of both prices together cost 1 each, those after them 0.5. */
const tiers = [{ up_to: 10, unit_price: 1 }, { unit_price: 0.5 }];
const shared = { model: 'graduated', tiers, counter: 'both' };
const number = (rest: Document = {}) => ({ type: 'decimal', optional: true, ...rest });
const positive = (fact: string) => when(fact, 'greaterThan', 0);
const document: Document = {
  facts: {
    a: { type: 'decimal', default: 0 },
    b: { type: 'decimal', default: 0 },
    left: { type: 'decimal', default: 0, billable: true },
    team: { type: 'string', default: 'x' },
    rate: number(),
    percent: number(),
  },
  prices: {
    a: { ...shared, quantity: 'a' },
    b: { ...shared, quantity: 'b' },
    rated: { model: 'per_unit', quantity: 'b', unit_price: { fact: 'rate' } },
    hourly: {
      model: 'graduated',
      quantity: 'b',
      tiers,
      resets: 'hour',
      maximum: { amount: 12, counter: 'cap' },
    },
  },
  rules: [
    charge('a', 'a', positive('a')),
    charge('b', 'b', when('team', 'equal', 'x')),
    charge('rated', 'c', when('team', 'equal', 'rated')),
    charge('hourly', 'd', when('team', 'equal', 'hourly')),
    rule('off', 'discount', { percent: { fact: 'percent' } }, when('percent', 'greaterThan', 0)),
  ],
};
const strategy = strategyFrom(document);
const { match } = compiledEngine(strategy);

const opened = (asked: Asked = {}): Totals => openTotals(strategy, inputOf(asked));
const use = (totals: Totals, facts: Use, of: Strategy = strategy): string =>
  formatDecimal(answerNow(match, quoteUse(of, inputOf({ facts }), { index: 0, totals })).amount);
const reasonOf = (totals: Totals, facts: Use): string => {
  try {
    return `priced: ${use(totals, facts)}`;
  } catch (error) {
    assert.ok(error instanceof RatebookError);
    return error.reason;
  }
};

describe('quote: one use after others', () => {
  it('sees the uses before it, and what earlier lines of its own have counted', () => {
    const totals = opened();
    assert.deepEqual(
      [
        { a: 8, b: 4 },
        { a: 1, b: 0 },
      ].map((facts) => use(totals, facts)),
      ['11', '0.5'],
    );
  });

  it('goes on from totals that were given, in the window of the first use', () => {
    const totals = opened({ used: { both: 10 } });
    const at = (occurred_at: string) => use(totals, { a: 1, occurred_at });
    const months = ['2026-01-05T00:00:00Z', '2026-02-05T00:00:00Z', '2026-01-06T00:00:00Z'].map(at);
    assert.deepEqual(months, ['0.5', '1', '0.5']);
  });

  const at = '2026-01-05T12:00:00Z';
  for (const [why, reason, given] of [
    ['nothing matches', 'NO_PRICE', { team: 'none' }],
    ['something billable stays without a price', 'NO_PRICE', { a: 4, left: 1 }],
    ['a later line misses a fact', 'INVALID_FACTS', { a: 4, team: 'rated', b: 1 }],
    ['a later line has a bad number', 'INVALID_FACTS', { a: 4, team: 'rated', b: 1, rate: -1 }],
    ['a discount has a bad number', 'INVALID_FACTS', { a: 4, b: 4, percent: 101 }],
    ['a discount follows a bound', 'INVALID_FACTS', { a: 4, b: 40, team: 'hourly', percent: 101 }],
    ['a fact is mistyped', 'INVALID_FACTS', { a: 'four' }],
  ] as const) {
    it(`leaves the totals as they were when ${why}`, () => {
      const [refused, spared] = [opened({ used: { both: 1 } }), opened({ used: { both: 1 } })];
      assert.equal(reasonOf(refused, { ...given, occurred_at: '2025-12-31T12:00:00Z' }), reason);
      assert.deepEqual(refused.windows, spared.windows);
      assert.equal(refused.first, undefined);
      const next: readonly Use[] = [
        { a: 8, b: 4 },
        { b: 20, team: 'hourly' },
        { b: 20, team: 'hourly' },
      ];
      const after = (totals: Totals) => next.map((facts) => use(totals, { ...facts, occurred_at: at }));
      assert.deepEqual(after(refused), after(spared));
    });
  }

  it('leaves them too when an earlier use was counted', () => {
    const totals = opened();
    use(totals, { a: 8, occurred_at: at });
    const before = copyTotals(totals).windows;
    assert.equal(reasonOf(totals, { a: 4, left: 1, occurred_at: at }), 'NO_PRICE');
    assert.deepEqual(totals.windows, before);
    assert.equal(use(totals, { a: 4, occurred_at: at }), '3');
  });
});
