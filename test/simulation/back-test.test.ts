import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sum } from '../../src/money/arithmetic.js';
import { type Decimal, ZERO, formatDecimal } from '../../src/money/decimal.js';
import type { QuoteInput } from '../../src/quote/input.js';
import { quote } from '../../src/quote/quote.js';
import { openBackTest, takeUnreadable, takeUsage } from '../../src/simulation/back-test.js';
import { compareLines, comparePricedByBoth, compareTotals } from '../../src/simulation/comparison.js';
import type { RecordedUsage } from '../../src/simulation/recorded-usage.js';
import { shareOf } from '../../src/simulation/share.js';
import { type Tally, mergeTallies, tallyOf } from '../../src/simulation/tally.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { strategyFrom } from '../quote/priced.js';
import { callsAt, used } from './strategies.js';

const BEFORE = callsAt(0.05);
const AFTER = callsAt(0.04);

function tallied(
  usages: readonly RecordedUsage[],
  before: Strategy = BEFORE,
  after: Strategy = AFTER,
): Tally {
  const test = openBackTest(before, after);
  for (const usage of usages) takeUsage(test, usage);
  return tallyOf(test);
}

/** Totals in USD: before, after, delta, percent. */
function totals(tally: Tally): readonly (string | undefined)[] {
  const usd = compareTotals(tally, ['USD']).get('USD');
  assert.ok(usd);
  return [usd.before, usd.after, usd.delta, usd.percent].map((one) => one && formatDecimal(one));
}

const unpriced = (tally: Tally) =>
  [tally.before, tally.after].map((side) =>
    side.unpriced.map(({ reason, about, usages, line }) => [reason, about, usages, line]),
  );

const NO_ACCOUNTS = { up: 0, down: 0, same: 0, mixed: 0, unpriced: 0 };

describe('simulation/back-test', () => {
  for (const [what, usages, expected] of [
    ['nothing', [], ['0', '0', '0', undefined]],
    // 90 × 0.10 + 10 × 0.10 + 10 × 0.05 = 10.50; 10 × 0.04 for the last ten: 10.40
    [
      'a tier within a use',
      [used('a', { calls: 90 }), used('a', { calls: 20 })],
      ['10.5', '10.4', '-0.1', '-0.95'],
    ],
    // Each account starts at zero: 90 × 0.10 + 20 × 0.10 = 11
    ['two accounts', [used('a', { calls: 90 }), used('b', { calls: 20 })], ['11', '11', '0', '0']],
    // Each month starts at zero as well.
    [
      'two months',
      [used('a', { calls: 90 }), used('a', { calls: 20, occurred_at: '2026-02-01T00:00:00Z' })],
      ['11', '11', '0', '0'],
    ],
    // 61 × 0.01 = 0.61 on a line of its own
    ['two lines', [used('a', { calls: 1, seconds: 61 })], ['0.71', '0.71', '0', '0']],
  ] as const) {
    it(`adds up ${what}`, () => {
      assert.deepEqual(totals(tallied(usages)), expected);
    });
  }

  it('tells lines apart', () => {
    const lines = compareLines(tallied([used('a', { calls: 110, seconds: 61 })]));
    assert.deepEqual(
      lines.map(({ line, before, after, delta }) => [line, ...[before, after, delta].map(formatDecimal)]),
      [
        ['calls', '10.5', '10.4', '-0.1'],
        ['long', '0.61', '0.61', '0'],
      ],
    );
  });

  it('counts accounts and names those that moved most, by amount and then by name', () => {
    const many = Array.from({ length: 12 }, (_, i) => used(`account ${i}`, { calls: 101 + (i % 3) }));
    const { accounts, movers } = tallied([...many, used('same', { calls: 1 }), used('none', { calls: -1 })]);
    assert.deepEqual(accounts, { up: 0, down: 12, same: 1, mixed: 0, unpriced: 1 });
    assert.deepEqual(
      movers.map(({ account, delta }) => `${account}: ${delta}`),
      // 3 × −0.01 first, then 2 ×, then 1 ×; "11" stands before "2" as text.
      [
        ...['account 11: -0.03', 'account 2: -0.03', 'account 5: -0.03', 'account 8: -0.03'],
        ...['account 1: -0.02', 'account 10: -0.02', 'account 4: -0.02', 'account 7: -0.02'],
        ...['account 0: -0.01', 'account 3: -0.01'],
      ],
    );
  });

  it('counts a use that comes again once, and only among those of its account', () => {
    const again = [used('a', { calls: 1 }, { id: 'u1' }), used('a', { calls: 7 }, { id: 'u1' })];
    const tally = tallied([...again, used('b', { calls: 1 }, { id: 'u1' })]);
    assert.deepEqual([tally.usages, tally.duplicates, totals(tally)[0]], [2, 1, '0.2']);
  });

  it('takes a use again that was refused as malformed, and not one that waits for a price', () => {
    const unknown = callsAt(0.05, {
      rules: [
        {
          name: 'never',
          conditions: { all: [{ fact: 'calls', operator: 'lessThan', value: 0 }] },
          event: { type: 'charge', params: { price: 'calls' } },
        },
      ],
    });
    const malformed = [used('a', { calls: 'x' }, { id: 'u1' }), used('a', { calls: 1 }, { id: 'u1' })];
    assert.deepEqual([tallied(malformed).usages, tallied(malformed).duplicates], [2, 0]);
    const waiting = [used('a', { calls: 1 }, { id: 'u1' }), used('a', { calls: 1 }, { id: 'u1' })];
    const { usages, duplicates } = tallied(waiting, unknown, unknown);
    assert.deepEqual([usages, duplicates], [1, 1]);
  });

  it('counts what has no price by side, reason and fact, with the first of each', () => {
    const withRegion = callsAt(0.05, {
      facts: {
        calls: { type: 'decimal', min: 0, billable: true },
        seconds: { type: 'decimal', default: 0, billable: true },
        region: { type: 'string', one_of: ['eu'] },
      },
      derive: {},
      rules: [
        {
          name: 'calls',
          conditions: { all: [{ fact: 'region', operator: 'equal', value: 'eu' }] },
          event: { type: 'charge', params: { price: 'calls' } },
        },
        {
          name: 'no calls',
          conditions: { all: [{ fact: 'calls', operator: 'equal', value: 0 }] },
          event: { type: 'reject', params: { code: 'NOTHING', message: 'Nothing was used.' } },
        },
      ],
      prices: { calls: { model: 'per_unit', quantity: 'calls', unit_price: '0.10' } },
    });
    const tally = tallied(
      [
        used('a', { calls: 1, region: 'eu' }, { line: 2 }),
        used('a', { calls: 1, region: 'us' }, { line: 3 }),
        used('b', { calls: 1, region: 'us' }, { line: 4 }),
        used('a', { calls: 1, region: 'eu', seconds: 10 }, { line: 5 }),
        used('a', { calls: 0, region: 'eu' }, { line: 6 }),
        used('a', { calls: 'x' }, { line: 7 }),
      ],
      BEFORE,
      withRegion,
    );
    assert.deepEqual(unpriced(tally), [
      [
        ['NO_PRICE', 'seconds', 1, 5],
        ['INVALID_FACTS', 'calls', 1, 7],
      ],
      [
        ['INVALID_FACTS', 'region', 2, 3],
        ['NO_PRICE', 'seconds', 1, 5],
        ['REJECTED', 'NOTHING', 1, 6],
        ['INVALID_FACTS', 'calls', 1, 7],
      ],
    ]);
    // Before: lines 2, 3, 4 at 0.10 and line 6 at 0; after: line 2 alone.
    assert.deepEqual(totals(tally).slice(0, 2), ['0.3', '0.1']);
    const both = comparePricedByBoth(tally, ['USD']).get('USD');
    assert.deepEqual([tally.usages, tally.pricedByBoth, both && formatDecimal(both.before)], [6, 1, '0.1']);
  });

  it('leaves running totals as they were when a use has no price after all', () => {
    // The first use has its calls counted, and then nothing charges for its seconds.
    const refusedMidway = [used('a', { calls: 50, seconds: 10 }), used('a', { calls: 110 })];
    const tally = tallied(refusedMidway);
    assert.deepEqual(unpriced(tally)[0], [['NO_PRICE', 'seconds', 1, 2]]);
    // 100 × 0.10 + 10 × 0.05
    assert.equal(totals(tally)[0], '10.5');
  });

  it('counts rows that cannot be read on both sides, by what is wrong with them', () => {
    const test = openBackTest(BEFORE, AFTER);
    takeUnreadable(test, { line: 9, about: 'width', why: 'cut' });
    takeUnreadable(test, { line: 4, about: 'width', why: 'cut too' });
    takeUnreadable(test, { line: 6, about: 'occurred_at', why: 'noon' });
    const tally = tallyOf(test);
    const kinds = [
      ['UNREADABLE', 'width', 2, 4],
      ['UNREADABLE', 'occurred_at', 1, 6],
    ];
    assert.deepEqual([tally.usages, unpriced(tally)], [3, [kinds, kinds]]);
  });

  it('gives the account to a document that reads account.id', () => {
    const vip = callsAt(0.05, {
      rules: [
        {
          name: 'calls',
          conditions: { all: [{ fact: 'account.id', operator: 'equal', value: 'vip' }] },
          event: { type: 'charge', params: { price: 'calls' } },
        },
      ],
    });
    const tally = tallied([used('vip', { calls: 1 }), used('a', { calls: 1 })], BEFORE, vip);
    assert.deepEqual(totals(tally).slice(0, 2), ['0.2', '0.1']);
    assert.deepEqual(unpriced(tally)[1], [['NO_PRICE', '', 1, 2]]);
  });

  it('counts uses whose amount is not known before the period ends', () => {
    const peak = strategyFrom({
      facts: { calls: { type: 'decimal', min: 0 } },
      prices: { peak: { model: 'per_unit', quantity: 'calls', unit_price: 1, aggregate: 'max' } },
      rules: [{ name: 'peak', event: { type: 'charge', params: { price: 'peak' } } }],
    });
    const tally = tallied([used('a', { calls: 5 })], BEFORE, peak);
    assert.deepEqual([tally.before.measured, tally.after.measured, totals(tally)[1]], [0, 1, '0']);
  });

  it('keeps currencies apart', () => {
    const currency = { fact: 'money', one_of: ['USD', 'EUR'] };
    const facts = { calls: { type: 'decimal', min: 0 }, money: { type: 'string' } };
    const priced = (unit_price: number) =>
      strategyFrom({
        ...{ currency, facts },
        prices: { calls: { model: 'per_unit', quantity: 'calls', unit_price } },
        rules: [{ name: 'calls', event: { type: 'charge', params: { price: 'calls' } } }],
      });
    const usages = [used('a', { calls: 1, money: 'USD' }), used('a', { calls: 3, money: 'EUR' })];
    const tally = tallied(usages, priced(2), priced(1));
    assert.deepEqual(
      [...compareTotals(tally, [])].map(([code, { before, after }]) => [
        code,
        formatDecimal(before),
        formatDecimal(after),
      ]),
      [
        ['EUR', '6', '3'],
        ['USD', '2', '1'],
      ],
    );
    assert.deepEqual(
      tally.movers.map(({ currency: code, delta }) => [code, delta]),
      [
        ['EUR', '-3'],
        ['USD', '-1'],
      ],
    );
    assert.deepEqual(tally.accounts, { up: 0, down: 1, same: 0, mixed: 0, unpriced: 0 });
  });

  // Dollars cost 2 a call before and 3 after, euros 2 and 1, pounds 2 and 2.
  const IN_CURRENCIES = { before: { USD: 2, EUR: 2, GBP: 2 }, after: { USD: 3, EUR: 1, GBP: 2 } };
  const pricedIn = (prices: Readonly<Record<string, number>>) =>
    strategyFrom({
      currency: { fact: 'money', one_of: Object.keys(prices) },
      facts: { calls: { type: 'decimal', min: 0 }, money: { type: 'string' } },
      prices: Object.fromEntries(
        Object.entries(prices).map(([code, unit_price]) => [
          `calls_${code.toLowerCase()}`,
          { model: 'per_unit', quantity: 'calls', unit_price },
        ]),
      ),
      rules: Object.keys(prices).map((code) => ({
        name: code.toLowerCase(),
        conditions: { all: [{ fact: 'money', operator: 'equal', value: code }] },
        event: { type: 'charge', params: { price: `calls_${code.toLowerCase()}` } },
      })),
    });
  for (const [what, currencies, direction] of [
    ['more in one currency', ['USD'], 'up'],
    ['more in one and the same in another', ['USD', 'GBP'], 'up'],
    ['less in one and the same in another', ['GBP', 'EUR'], 'down'],
    ['the same in one', ['GBP'], 'same'],
    ['more in one and less in another', ['EUR', 'USD', 'GBP'], 'mixed'],
  ] as const) {
    it(`counts an account once that pays ${what}: ${direction}`, () => {
      const usages = currencies.map((money) => used('a', { calls: 1, money }));
      const { accounts } = tallied(usages, pricedIn(IN_CURRENCIES.before), pricedIn(IN_CURRENCIES.after));
      assert.deepEqual(accounts, { ...NO_ACCOUNTS, [direction]: 1 });
    });
  }

  it('counts accounts once when all that changes is the currency', () => {
    // a: 1 call at 0.10 is 0.10 USD less and 0.10 EUR more; b: nothing in either; c: no price.
    const usages = [used('a', { calls: 1 }), used('b', { calls: 0 }), used('c', { calls: -1 })];
    const { accounts, movers } = tallied(usages, BEFORE, callsAt(0.05, { currency: 'EUR' }));
    assert.deepEqual(accounts, { ...NO_ACCOUNTS, mixed: 1, same: 1, unpriced: 1 });
    assert.deepEqual(
      movers.map(({ account, currency, delta }) => [account, currency, delta]),
      [
        ['a', 'EUR', '0.1'],
        ['a', 'USD', '-0.1'],
      ],
    );
  });

  const usage = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.nat(60),
      fc.constantFrom(0, 0, 10, 61),
      fc.constantFrom('01', '02'),
      fc.nat(9),
    )
    .map(([account, calls, seconds, month, id]) =>
      used(
        account,
        { calls, seconds, occurred_at: `2026-${month}-05T12:00:00Z` },
        id > 5 ? {} : { id: `u${id}` },
      ),
    );
  const recording = fc
    .array(usage, { maxLength: 60 })
    .map((all) => all.map((one, i) => ({ ...one, line: i + 2 })));

  it('comes to the same however accounts are shared out', () => {
    fc.assert(
      fc.property(recording, fc.integer({ min: 1, max: 5 }), (usages, shares) => {
        const parts = Array.from({ length: shares }, (_, share) =>
          tallied(usages.filter(({ account }) => shareOf(account, shares) === share)),
        );
        assert.deepEqual(comparable(parts.reduce(mergeTallies)), comparable(tallied(usages)));
      }),
    );
  });

  it('charges each account what one quote of all its uses would', () => {
    fc.assert(
      fc.property(recording, (usages) => {
        const priced = usages
          .filter(({ facts }) => ['0', '61'].includes(textOf(facts.get('seconds'))))
          .map(({ account, line, facts }) => ({ account, line, facts }));
        const names = ['a', 'b', 'c', 'd'];
        const expected = [BEFORE, AFTER].map((strategy) =>
          sum(
            names.map((name) =>
              quoted(
                strategy,
                priced.filter(({ account }) => account === name),
              ),
            ),
          ),
        );
        assert.deepEqual(totals(tallied(priced)).slice(0, 2), expected.map(formatDecimal));
      }),
    );
  });
});

/** A tally whose maps and lists stand in one order. */
function comparable(tally: Tally) {
  const sides = [tally.before, tally.after].map(({ lines, alone, measured, unpriced: kinds }) => ({
    lines: [...lines].map(([currency, amounts]) => [currency, [...amounts].sort()]).sort(),
    alone: [...alone].sort(),
    measured,
    kinds: [...kinds].sort((a, b) => a.line - b.line),
  }));
  return { ...tally, before: sides[0], after: sides[1] };
}

function textOf(fact: unknown): string {
  return (fact as { text: string }).text;
}

/** What one quote of all these uses comes to. */
function quoted(strategy: Strategy, usages: readonly RecordedUsage[]): Decimal {
  if (usages.length === 0) return ZERO;
  const input: QuoteInput = {
    moment: 'usage',
    usages: usages.map(({ facts }) => facts),
    ...{ used: new Map(), totals: new Map(), lines: [], service: {} },
  };
  return answerNow(compiledEngine(strategy).match, quote(strategy, input)).amount;
}
