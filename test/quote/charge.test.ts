import { formatDecimal } from '../../src/money/decimal.js';
import { divide } from '../../src/money/rounding.js';
import assert from 'node:assert/strict';
import { type Asked, type Document, charge, priced, refusalOf, rule, shown, when } from './priced.js';

const FACTS = {
  units: { type: 'decimal', default: 0, billable: true },
  extra: { type: 'decimal', default: 0, billable: true },
  kind: { type: 'string', default: 'plain' },
};
const PRICES = {
  unit: { model: 'per_unit', quantity: 'units', unit_price: 2 },
  cheap: { model: 'per_unit', quantity: 'units', unit_price: 1 },
  extra: { model: 'per_unit', quantity: 'extra', unit_price: 5 },
  start: { model: 'flat', amount: 10 },
};
const withRules = (...rules: readonly Document[]): Document => ({ facts: FACTS, prices: PRICES, rules });
const both = { all: [{ fact: 'units', operator: 'greaterThan', value: 0 }] };

describe('quote: which price charges', () => {
  for (const [name, rules, expected] of [
    ['the only rule', [charge('unit')], '6: unit 3×2'],
    ['the highest priority', [charge('unit', 'a'), charge('cheap', 'a', { priority: 2 })], '3: a 3×1'],
    [
      'of one priority the earlier in the file',
      [charge('cheap', 'a', { conditions: both }), charge('unit', 'a')],
      '3: a 3×1',
    ],
    [
      'a rule that does not match beats nobody',
      [charge('unit', 'a'), charge('cheap', 'a', { priority: 9, ...when('kind', 'equal', 'cheap') })],
      '6: a 3×2',
    ],
    ['each line has its own winner', [charge('unit', 'a'), charge('cheap', 'b')], '9: a 3×2, b 3×1'],
    [
      'lines stand as the document names them, whatever the priorities',
      [charge('unit', 'a'), charge('cheap', 'b', { priority: 5 })],
      '9: a 3×2, b 3×1',
    ],
    ['without `line` the price names it', [rule('r', 'charge', { price: 'unit' })], '6: unit 3×2'],
    ['a flat price counts one', [charge('start'), charge('unit')], '16: start 1×10, unit 3×2'],
  ] as const) {
    it(name, async () => {
      const { evaluations } = await priced(withRules(...rules), { facts: { units: 3 } });
      const [evaluation] = evaluations;
      const lines = evaluation!.lines.map(
        (line) =>
          `${line.line} ${formatDecimal(line.quantity)}×${formatDecimal(divide(line.amount, line.quantity))}`,
      );
      assert.equal(`${formatDecimal(evaluation!.amount)}: ${lines.join(', ')}`, expected);
    });
  }
});

describe('quote: no price', () => {
  const positive = (fact: string) => when(fact, 'greaterThan', 0);
  const nothing = /^NO_PRICE No charge rule of test matches at the moment usage; add a rule, or reject/;
  const notCharged = (fact: string) =>
    `facts.${fact}: is billable and above 0, but no charge that won uses it`;
  for (const [name, document, facts, expected] of [
    ['no rule at all matches', withRules(charge('unit', 'a', positive('units'))), { units: 0 }, nothing],
    [
      'discounts alone are no price',
      withRules(charge('unit', 'a', positive('units')), rule('off', 'discount', { percent: 5 })),
      { units: 0 },
      nothing,
    ],
    [
      'in part: the fact is named',
      withRules(charge('unit')),
      { units: 1, extra: 1 },
      `NO_PRICE ${notCharged('extra')}`,
    ],
    [
      'in part: every such fact is named',
      withRules(charge('start')),
      { units: 1, extra: 1 },
      `NO_PRICE ${notCharged('units')}; ${notCharged('extra')}`,
    ],
    [
      'a beaten rule uses nothing',
      withRules(charge('unit', 'a'), charge('start', 'a', { priority: 2 })),
      { units: 1 },
      `NO_PRICE ${notCharged('units')}`,
    ],
    [
      'in a later use of several, with its place',
      withRules(charge('unit')),
      undefined,
      'NO_PRICE usages[1].facts.extra: is billable and above 0, but no charge that won uses it',
    ],
  ] as const) {
    it(name, async () => {
      const asked: Asked =
        facts === undefined ? { usage: [{ units: 1 }, { units: 1, extra: 2 }] } : { facts };
      const refusal = await refusalOf(document, asked);
      if (typeof expected === 'string') assert.equal(refusal, expected);
      else assert.match(refusal, expected);
    });
  }

  const derived = (derive: Document, price: Document): Document => ({
    facts: FACTS,
    derive,
    prices: { sum: { model: 'per_unit', unit_price: 1, ...price } },
    rules: [charge('sum')],
  });
  for (const [name, document] of [
    ['a fact used through derive', derived({ all: { sum: ['units', 'extra'] } }, { quantity: 'all' })],
    [
      'through derive of derive',
      derived({ all: { sum: ['units', 'extra'] }, most: { greatest: ['all', 1] } }, { quantity: 'most' }),
    ],
    [
      'as a bound of derive',
      derived({ held: { sum: ['units'], max: { fact: 'extra' } } }, { quantity: 'held' }),
    ],
    ['as a number of the price', derived({}, { quantity: 'units', unit_price: { fact: 'extra' } })],
  ] as const) {
    it(`priced: ${name}`, () => priced(document, { facts: { units: 1, extra: 1 } }));
  }

  it('priced: a billable fact of 0 needs no price', async () => {
    assert.equal(
      shown(await priced(withRules(charge('unit')), { facts: { units: 1, extra: 0 } })),
      '2: unit 2',
    );
  });
});

describe('quote: reject', () => {
  const sorry = rule('not sold', 'reject', { code: 'EMBARGO', message: 'Not for sale there.' });
  for (const [name, rules, expected] of [
    ['ends it, whatever else matches', [charge('unit'), sorry], 'REJECTED Not for sale there.'],
    [
      'also when nothing charges',
      [charge('extra', 'x', when('extra', 'greaterThan', 0)), sorry],
      'REJECTED Not for sale there.',
    ],
    [
      'a rule that does not match refuses nothing',
      [charge('unit'), { ...sorry, ...when('kind', 'equal', 'x') }],
      '6: unit 6',
    ],
  ] as const) {
    it(name, async () => {
      const document = withRules(...rules);
      const asked = { facts: { units: 3 } };
      assert.equal(
        expected.startsWith('REJECTED')
          ? await refusalOf(document, asked)
          : shown(await priced(document, asked)),
        expected,
      );
    });
  }

  it('tells programs its code and its rule', async () => {
    await assert.rejects(priced(withRules(charge('unit'), sorry), {}), {
      metadata: { code: 'EMBARGO', rule: 'not sold' },
    });
  });
});

describe('quote: purchase', () => {
  const pack: Document = {
    facts: { packs: { type: 'integer', billable: true } },
    prices: { pack: { model: 'per_unit', quantity: 'packs', unit_price: 9 } },
    rules: [
      charge('pack', 'pack', { moment: 'purchase' }),
      rule('units of the pack', 'grant', { units: 100 }, { moment: 'purchase' }),
    ],
  };
  it('a pack is charged, its grant costs nothing', async () => {
    assert.equal(shown(await priced(pack, { moment: 'purchase', facts: { packs: 2 } })), '18: pack 18');
  });
  it('its rules say nothing of a use', async () => {
    assert.match(await refusalOf(pack, { facts: { packs: 2 } }), /^NO_PRICE No charge rule/);
  });
});

describe('quote: currency by fact', () => {
  const document = (currency: Document): Document => ({
    currency: { fact: 'account.currency', one_of: ['USD', 'EUR'] },
    facts: { 'account.currency': { type: 'string', ...currency } },
    lookups: {
      unit_price: {
        by: ['account.currency'],
        type: 'decimal',
        rows: [
          ['USD', 2],
          ['EUR', 1.8],
        ],
      },
    },
    prices: { unit: { model: 'per_unit', quantity: 1, unit_price: { fact: 'unit_price' } } },
    rules: [charge('unit')],
  });
  const any = document({});
  for (const [name, asked, expected] of [
    ['the fact names it', { facts: { 'account.currency': 'EUR' } }, '1.8 EUR'],
    [
      'uses of one currency',
      { usage: [{ 'account.currency': 'USD' }, { 'account.currency': 'USD' }] },
      '4 USD',
    ],
  ] as const) {
    it(name, async () => {
      const answer = await priced(any, asked);
      assert.equal(`${formatDecimal(answer.amount)} ${answer.currency}`, expected);
    });
  }
  for (const [name, asked, expected] of [
    [
      'two currencies are no sum',
      { usage: [{ 'account.currency': 'USD' }, { 'account.currency': 'EUR' }] },
      /priced in USD and EUR; send a quote for each/,
    ],
    [
      'one that the document does not price',
      { facts: { 'account.currency': 'GBP' } },
      /facts.account.currency: "GBP" is not one of USD, EUR$/,
    ],
    ['none', {}, /facts.account.currency: is missing/],
  ] as const) {
    it(name, async () => {
      assert.match(await refusalOf(any, asked), expected);
    });
  }
});

describe('quote: measured prices', () => {
  const document: Document = {
    facts: {
      level: { type: 'decimal', default: 0, billable: true },
      calls: { type: 'integer', default: 0, billable: true },
    },
    prices: {
      peak: { model: 'per_unit', quantity: 'level', unit_price: 3, aggregate: 'max' },
      call: { model: 'per_unit', quantity: 'calls', unit_price: 1, aggregate: 'count' },
    },
    rules: [
      charge('peak', 'peak', when('level', 'greaterThan', 0)),
      charge('call', 'call', when('calls', 'greaterThan', 0)),
    ],
  };
  for (const [name, asked, expected] of [
    ['a line without an amount, which is no NO_PRICE', { facts: { level: 4 } }, '0: peak ?'],
    ['beside a line that has one', { facts: { level: 4, calls: 1 } }, '1: peak ?, call 1'],
    [
      'count counts each use once, whatever its quantity',
      { usage: [{ calls: 7 }, { calls: 2 }] },
      '1: call 1 ; 1: call 1',
    ],
    ['charged when the period closes', { moment: 'period', totals: { peak: 5 } }, '15: peak 15'],
    [
      'charged already: a count is not charged again',
      { moment: 'period', totals: { peak: 5, call: 2 } },
      '15: peak 15',
    ],
  ] as const) {
    it(name, async () => {
      assert.equal(shown(await priced(document, asked)), expected);
    });
  }
  it('what was measured may close on a line that is charged already; a discount is taken off both', async () => {
    const one: Document = {
      facts: { level: { type: 'decimal', default: 0 } },
      prices: {
        peak: { model: 'per_unit', quantity: 'level', unit_price: 3, aggregate: 'max' },
        base: { model: 'flat', amount: 10 },
      },
      rules: [
        charge('peak', 'x'),
        charge('base', 'x', { moment: 'period' }),
        rule('tenth', 'discount', { percent: 10 }, { moment: 'period' }),
      ],
    };
    const answer = await priced(one, { moment: 'period', totals: { peak: 5 } });
    assert.equal(shown(answer), '22.5: x 9, x 13.5 | -2.5 tenth');
  });
  it('a total of no price is refused', async () => {
    assert.equal(
      await refusalOf(document, { moment: 'period', totals: { peek: 5 } }),
      'INVALID_FACTS totals.peek: is no price of test; did you mean peak?',
    );
  });
});
