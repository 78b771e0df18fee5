import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/money/decimal.js';
import {
  type Document,
  amountsOf,
  charge,
  inputOf,
  priced,
  refusalOf,
  rule,
  shown,
  strategyFrom,
  when,
} from './priced.js';
import { type Kept, recorderOf } from './recording.js';

const LINES: Document = {
  facts: {
    a: { type: 'decimal', default: 0 },
    b: { type: 'decimal', default: 0 },
    off: { type: 'decimal', default: 0 },
  },
  prices: {
    a: { model: 'per_unit', quantity: 'a', unit_price: 1 },
    b: { model: 'per_unit', quantity: 'b', unit_price: 10 },
  },
};
const withRules = (...rules: readonly Document[]): Document => ({
  ...LINES,
  rules: [charge('a'), charge('b'), ...rules],
});
const percent = (name: string, number: unknown, params: Document = {}, rest: Document = {}) =>
  rule(name, 'discount', { percent: number, ...params }, rest);
const amount = (name: string, number: unknown, params: Document = {}, rest: Document = {}) =>
  rule(name, 'discount', { amount: number, ...params }, rest);
const free = (name: string, number: unknown, params: Document = {}, rest: Document = {}) =>
  rule(name, 'discount', { free_quantity: number, ...params }, rest);
const exclusive = { exclusive: true };

describe('quote: discounts', () => {
  for (const [name, rules, expected] of [
    ['percent of every line', [percent('p', 10)], '99: a 9, b 90 | -11 p'],
    ['percent of the lines named', [percent('p', 10, { of: ['b'] })], '100: a 10, b 90 | -10 p'],
    ['percent on percent', [percent('p', 10), percent('q', 50)], '49.5: a 4.5, b 45 | -11 p | -49.5 q'],
    [
      'percent by priority, then file order',
      [percent('p', 10), percent('q', 50, {}, { priority: 2 })],
      '49.5: a 4.5, b 45 | -55 q | -5.5 p',
    ],
    ['all of it', [percent('p', 100)], '0: a 0, b 0 | -110 p'],
    ['an amount in proportion to the lines', [amount('x', 11)], '99: a 9, b 90 | -11 x'],
    [
      'an amount after percentages, whatever the file order',
      [amount('x', 11), percent('p', 50)],
      '44: a 4, b 40 | -55 p | -11 x',
    ],
    ['an amount never goes past zero', [amount('x', 500)], '0: a 0, b 0 | -110 x'],
    ['a second amount finds nothing left', [amount('x', 110), amount('y', 5)], '0: a 0, b 0 | -110 x'],
    [
      'free units first, whatever the file order',
      [percent('p', 50, { of: ['a'] }), free('f', 4, { of: ['a'] })],
      '103: a 3, b 100 | -4 f | -3 p',
    ],
    ['free units line after line until they are used up', [free('f', 12)], '80: a 0, b 80 | -30 f'],
    [
      'a second free quantity goes on where the first ended',
      [free('f', 4, { of: ['a'] }), free('g', 4, { of: ['a'] })],
      '102: a 2, b 100 | -4 f | -4 g',
    ],
    ['more free units than there are', [free('f', 500)], '0: a 0, b 0 | -110 f'],
    [
      'an exclusive one beats all that are not',
      [percent('p', 10), percent('q', 20, exclusive)],
      '88: a 8, b 80 | -22 q',
    ],
    [
      'on its lines only',
      [percent('p', 10), percent('q', 20, { ...exclusive, of: ['b'] })],
      '89: a 9, b 80 | -1 p | -20 q',
    ],
    [
      'of two exclusive ones the highest priority',
      [percent('q', 20, exclusive), percent('r', 30, exclusive, { priority: 2 })],
      '77: a 7, b 70 | -33 r',
    ],
    [
      'of two exclusive ones of a priority the earlier',
      [percent('q', 20, exclusive), percent('r', 30, exclusive)],
      '88: a 8, b 80 | -22 q',
    ],
    [
      'an exclusive amount keeps percentages away',
      [percent('p', 10), amount('x', 11, exclusive)],
      '99: a 9, b 90 | -11 x',
    ],
    [
      'one whose rule does not match',
      [percent('p', 10, {}, when('a', 'greaterThan', 10))],
      '110: a 10, b 100',
    ],
    ['a label', [percent('p', 10, { label: 'Ten off' })], '99: a 9, b 90 | -11 Ten off'],
    ['its number from a fact', [percent('p', { fact: 'off' })], '88: a 8, b 80 | -22 p'],
    ['one of nothing is not listed', [percent('p', 0), amount('x', 0), free('f', 0)], '110: a 10, b 100'],
  ] as const) {
    it(name, async () => {
      const answer = await priced(withRules(...rules), { facts: { a: 10, b: 10, off: 20 } });
      const [evaluation] = answer.evaluations;
      assert.equal(shown({ ...answer, evaluations: [evaluation!] }), expected);
    });
  }

  for (const [name, discount, facts, expected] of [
    [
      'percent above 100',
      percent('p', { fact: 'off' }),
      { off: 101 },
      'rules.p: the discount came out as 101; it must be between 0 and 100',
    ],
    [
      'percent below 0',
      percent('p', { fact: 'off' }),
      { off: -1 },
      'rules.p: the discount came out as -1; it must be between 0 and 100',
    ],
    [
      'amount below 0',
      amount('p', { fact: 'off' }),
      { off: -1 },
      'rules.p: the discount came out as -1; it must be 0 or more',
    ],
    [
      'free quantity below 0',
      free('p', { fact: 'off' }),
      { off: -1 },
      'rules.p: the discount came out as -1; it must be 0 or more',
    ],
  ] as const) {
    it(`refused: ${name}`, async () => {
      assert.equal(
        await refusalOf(withRules(discount), { facts: { a: 1, ...facts } }),
        `INVALID_FACTS ${expected}`,
      );
    });
  }

  it('a shared amount is split by largest remainder, to 18 digits', async () => {
    const thirds: Document = {
      facts: {},
      prices: { one: { model: 'flat', amount: 1 } },
      rules: [
        ...['x', 'y', 'z'].map((line) => charge('one', line, { name: line })),
        amount('ten cents', 0.1),
      ],
    };
    const answer = await priced(thirds, {});
    const [discount] = answer.evaluations[0]!.discounts;
    assert.deepEqual([...discount!.lines.values()].map(formatDecimal), [
      '0.033333333333333334',
      '0.033333333333333333',
      '0.033333333333333333',
    ]);
    assert.equal(formatDecimal(answer.amount), '2.9');
  });
});

describe('quote: free quantity over tiers', () => {
  const tiers = [{ up_to: 10, unit_price: 3 }, { unit_price: 1 }];
  const document = (model: string, quantity: number): Document => ({
    facts: { a: { type: 'decimal' } },
    prices: { a: { model, quantity: 'a', tiers } },
    rules: [charge('a'), free('f', quantity)],
  });
  // P(t + q) − P(t + free): they come off the bottom, the tiers above stay as they are.
  for (const [name, model, given, used, usage, expected] of [
    ['within the first tier', 'graduated', 4, 0, 12, '20: a 20 | -12 f'],
    ['beyond the first tier', 'graduated', 11, 0, 12, '1: a 1 | -31 f'],
    ['after a running total', 'graduated', 4, 8, 6, '2: a 2 | -8 f'],
    ['volume', 'volume', 4, 0, 8, '12: a 12 | -12 f'],
    ['volume: never more than the line costs', 'volume', 10, 0, 12, '0: a 0 | -12 f'],
    ['volume: a line below zero is not taken past it', 'volume', 2, 9, 3, '0: a 0 | --15 f'],
  ] as const) {
    it(name, async () => {
      const answer = await priced(document(model, given), { facts: { a: usage }, used: { a: used } });
      assert.equal(shown(answer), expected);
    });
  }

  it('the counter moves by the whole quantity', async () => {
    const answer = await priced(document('graduated', 4), { usage: [{ a: 10 }, { a: 10 }] });
    assert.equal(shown(answer), '18: a 18 | -12 f ; 6: a 6 | -4 f');
  });
});

describe('quote: a discount that an account gets only so often', () => {
  const discount = (params: Document): Document => ({
    name: 'welcome',
    event: { type: 'discount', params: { times: 2, ...params } },
  });
  const document = (...discounts: Document[]): Document => ({
    facts: { a: { type: 'decimal' } },
    prices: { a: { model: 'per_unit', quantity: 'a', unit_price: 1 } },
    rules: [charge('a'), ...discounts],
  });
  const tens = (count: number) => Array.from({ length: count }, () => ({ a: 10 }));

  for (const [what, params, amounts] of [
    ['a percentage', { percent: 50 }, '5 5 10 10'],
    ['an amount', { amount: 3 }, '7 7 10 10'],
    ['free units', { free_quantity: 4 }, '6 6 10 10'],
  ] as const) {
    it(`is taken twice: ${what}`, async () => {
      assert.equal(amountsOf(await priced(document(discount(params)), { usage: tens(4) })), amounts);
    });
  }

  it('is not used up by a use that it takes nothing off', async () => {
    const usage = [{ a: 10 }, { a: 0 }, { a: 10 }, { a: 10 }];
    assert.equal(amountsOf(await priced(document(discount({ percent: 50 })), { usage })), '5 0 5 10');
  });

  it('keeps others off its lines only as long as it is there', async () => {
    const always = { name: 'always', event: { type: 'discount', params: { percent: 10 } } };
    const found = await priced(document(discount({ percent: 50, exclusive: true }), always), {
      usage: tens(3),
    });
    assert.equal(amountsOf(found), '5 5 9');
  });

  it('may be taken again when a use that had it is taken back', () => {
    const strategy = strategyFrom(document(discount({ percent: 50 })));
    const kept: Kept = new Map();
    const { record, reverse } = recorderOf(strategy, kept);
    const ten = inputOf({ facts: { a: 10, occurred_at: '2026-01-05T12:00:00Z' } });
    const uses = [record(ten), record(ten), record(ten)];
    const amounts = () => uses.map(({ rated }) => formatDecimal(rated.evaluation.amount)).join(' ');
    assert.equal(amounts(), '5 5 10');
    assert.equal(formatDecimal(reverse(uses[0]!).evaluation.amount), '-5');
    // A use that never had it gives none back.
    assert.equal(formatDecimal(reverse(uses[2]!).evaluation.amount), '-10');
    uses.push(record(ten), record(ten));
    assert.equal(amounts(), '5 5 10 5 10');
  });
});

describe('quote: discounts of lines below zero', () => {
  const document = (...rules: readonly Document[]): Document => ({
    facts: { a: { type: 'decimal' } },
    prices: {
      a: { model: 'per_unit', quantity: 'a', unit_price: 10 },
      fed: { model: 'per_unit', quantity: 'a', unit_price: -4, negative: true },
    },
    rules: [charge('a'), charge('fed'), ...rules],
  });
  for (const [name, discount, expected] of [
    ['percent takes from a credit in proportion', percent('p', 10), '5.4: a 9, fed -3.6 | -0.6 p'],
    ['an amount is for lines that cost something', amount('x', 8), '-2: a 2, fed -4 | -8 x'],
    ['free units take their credit back', free('f', 1, { of: ['fed'] }), '10: a 10, fed 0 | --4 f'],
  ] as const) {
    it(name, async () => {
      assert.equal(shown(await priced(document(discount), { facts: { a: 1 } })), expected);
    });
  }
});
