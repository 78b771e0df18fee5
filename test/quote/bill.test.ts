import { plus } from '../../src/money/arithmetic.js';
import { formatDecimal } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import { type Asked, type Document, charge, priced, refusalOf, rule, shown, when } from './priced.js';

const AT = '2026-03-31T12:00:00Z';
const never = { conditions: { all: [{ fact: 'units', operator: 'lessThan', value: 0 }] } };

/** A document whose lines are a, b, c in this order. */
function document(rules: readonly Document[], head: Document = {}): Document {
  return {
    ...head,
    facts: { units: { type: 'decimal', default: 0 } },
    prices: { unit: { model: 'per_unit', quantity: 'units', unit_price: 1 } },
    rules: [
      charge('unit', 'a', never),
      ...['b', 'c'].map((line) => ({ ...charge('unit', line, never), name: line })),
      ...rules,
    ],
  };
}
const invoice = (name: string, type: string, params: Document, rest: Document = {}): Document =>
  rule(name, type, params, { moment: 'invoice', ...rest });
const asks = (lines: Asked['lines'], rest: Asked = {}): Asked => ({
  moment: 'invoice',
  facts: { occurred_at: AT },
  lines,
  ...rest,
});

describe('quote: the order of a bill', () => {
  const discount = invoice('discount', 'discount', { percent: 50 });
  const surcharge = invoice('surcharge', 'surcharge', { percent: 10 });
  const minimum = (amount: number, more: Document = {}) => invoice('minimum', 'minimum', { amount, ...more });
  const maximum = (amount: number, more: Document = {}) => invoice('maximum', 'maximum', { amount, ...more });
  const tax = invoice('tax', 'tax', { percent: 10 });

  for (const [name, rules, expected] of [
    ['the lines of the statement, in the order of the document', [], '100: a 60, b 30, c 10'],
    ['discounts', [discount], '50: a 30, b 15, c 5 | -50 discount'],
    [
      'surcharges on what discounts left',
      [surcharge, discount],
      '55: a 30, b 15, c 5, surcharge 5 | -50 discount',
    ],
    [
      'a minimum after both',
      [minimum(70), surcharge, discount],
      '70: a 30, b 15, c 5, surcharge 5, minimum 15 | -50 discount',
    ],
    ['a minimum that is reached', [minimum(100)], '100: a 60, b 30, c 10'],
    ['a minimum of some lines', [minimum(50, { of: ['b', 'c'] })], '110: a 60, b 30, c 10, minimum 10'],
    [
      'a minimum before discounts',
      [minimum(110, { measure: 'gross' }), discount],
      '60: a 30, b 15, c 5, minimum 10 | -50 discount',
    ],
    [
      'a minimum before discounts that is reached',
      [minimum(100, { measure: 'gross' }), discount],
      '50: a 30, b 15, c 5 | -50 discount',
    ],
    [
      'an overage factor below 1',
      [minimum(80, { overage_factor: 0.5 })],
      '90: a 60, b 30, c 10, minimum -10',
    ],
    [
      'an overage factor above 1',
      [minimum(80, { overage_factor: 1.5 })],
      '110: a 60, b 30, c 10, minimum 10',
    ],
    [
      'an overage factor below the minimum',
      [minimum(120, { overage_factor: 1.5 })],
      '120: a 60, b 30, c 10, minimum 20',
    ],
    ['a maximum takes from the last line first', [maximum(85)], '85: a 60, b 25, c 0 | -15 maximum'],
    ['a maximum that is not reached', [maximum(100)], '100: a 60, b 30, c 10'],
    ['a maximum of some lines', [maximum(35, { of: ['a', 'b'] })], '45: a 35, b 0, c 10 | -55 maximum'],
    [
      'a maximum sees the minimum',
      [minimum(120), maximum(110)],
      '110: a 60, b 30, c 10, minimum 10 | -10 maximum',
    ],
    [
      'two maximums',
      [maximum(90), invoice('m2', 'maximum', { amount: 50, of: ['a'] })],
      '80: a 50, b 30, c 0 | -10 maximum | -10 m2',
    ],
    ['taxes last', [tax, discount, surcharge], '55: a 30, b 15, c 5, surcharge 5 | -50 discount | +5.5 tax'],
    [
      'a tax on what a minimum adds',
      [minimum(120), invoice('tax', 'tax', { percent: 10, of: ['a', 'minimum'] })],
      '120: a 60, b 30, c 10, minimum 20 | +8 tax',
    ],
    [
      'what a fact says of the lines',
      [invoice('big', 'discount', { percent: 10 }, when('subtotal', 'greaterThanInclusive', 100))],
      '90: a 54, b 27, c 9 | -10 big',
    ],
    [
      'what a fact says of one line',
      [invoice('big', 'discount', { percent: 10 }, when('line.c', 'lessThan', 10))],
      '100: a 60, b 30, c 10',
    ],
  ] as const) {
    it(name, async () => {
      assert.equal(shown(await priced(document(rules), asks({ c: 10, a: 60, b: 30 }))), expected);
    });
  }

  for (const [name, lines, rules, expected] of [
    ['a line that the document does not know stands last', { new: 1, b: 2 }, [], '3: b 2, new 1'],
    ['no lines and no minimum are nothing', {}, [tax], '0: '],
    ['a minimum alone is a bill', {}, [minimum(5), tax], '5: minimum 5 | +0.5 tax'],
    [
      'line.<name> is 0 when it is absent',
      {},
      [invoice('none', 'minimum', { amount: 7 }, when('line.a', 'equal', 0))],
      '7: none 7',
    ],
    [
      'two things of one label are taken off both',
      { a: 5 },
      [minimum(10, { label: 'x' }), invoice('m2', 'minimum', { amount: 20, label: 'x' }), maximum(3)],
      '3: a 3, x 0, x 0 | -17 maximum',
    ],
  ] as const) {
    it(name, async () => {
      const answer = await priced(document(rules), asks(lines));
      assert.equal(shown(answer), expected);
      for (const { discounts } of answer.evaluations)
        for (const { amount, lines: losses } of discounts)
          assert.equal(
            formatDecimal(amount),
            formatDecimal([...losses.values()].reduce((a, b) => plus(a, b))),
          );
    });
  }

  const half = ['2026-03-17T00:00:00Z', undefined] as const;
  for (const [name, more, service, expected] of [
    ['for a part of the period, the same part', { prorate: 'days' }, half, '15: minimum 15'],
    ['unless it is not prorated', {}, half, '31: minimum 31'],
    ['the whole period', { prorate: 'days' }, undefined, '31: minimum 31'],
    ['a subscription that ended before', { prorate: 'days' }, [undefined, '2026-02-10T00:00:00Z'], '0: '],
  ] as const) {
    it(`minimum: ${name}`, async () => {
      const answer = await priced(document([minimum(31, more)]), asks({}, { service }));
      assert.equal(shown(answer), expected);
    });
  }

  for (const [name, params, value, expected] of [
    ['minimum', { amount: { fact: 'account.n' } }, -1, 'the minimum came out as -1; it must be 0 or more'],
    ['maximum', { amount: { fact: 'account.n' } }, -1, 'the maximum came out as -1; it must be 0 or more'],
    [
      'minimum',
      { amount: 5, overage_factor: { fact: 'account.n' } },
      0,
      'the overage factor came out as 0; it must be above 0',
    ],
    ['tax', { percent: { fact: 'account.n' } }, 101, 'the tax came out as 101; it must be between 0 and 100'],
    [
      'surcharge',
      { percent: { fact: 'account.n' } },
      -1,
      'the surcharge came out as -1; it must be 0 or more',
    ],
  ] as const) {
    it(`refused: a ${name} of ${JSON.stringify(params)} = ${value}`, async () => {
      const one: Document = {
        ...document([invoice('rule', name, params)]),
        facts: { units: { type: 'decimal', default: 0 }, 'account.n': { type: 'decimal', default: value } },
      };
      assert.equal(await refusalOf(one, asks({ a: 10 })), `INVALID_FACTS rules.rule: ${expected}`);
    });
  }
});

describe('quote: a document of taxes alone', () => {
  const vat: Document = {
    facts: { 'account.country': { type: 'string', optional: true } },
    rules: [
      invoice('VAT', 'tax', { percent: 20 }, when('account.country', 'equal', 'AT')),
      invoice('large', 'discount', { percent: 10 }, when('line.power', 'greaterThan', 100)),
    ],
  };
  const asked = (country: string, power: number) =>
    asks({ power }, { facts: { occurred_at: AT, 'account.country': country } });
  for (const [name, country, power, expected] of [
    ['taxes any line', 'AT', 50, '50: power 50 | +10 VAT'],
    ['reads any line', 'DE', 200, '180: power 180 | -20 large'],
    ['taxes what is left', 'AT', 200, '180: power 180 | -20 large | +36 VAT'],
  ] as const) {
    it(name, async () => {
      assert.equal(shown(await priced(vat, asked(country, power))), expected);
    });
  }
});

describe('quote: taxes', () => {
  const tax = (name: string, percent: number, params: Document = {}) =>
    invoice(name, 'tax', { percent, ...params });
  const included = { included: true };
  for (const [name, taxes, lines, expected] of [
    ['on rounded lines', [tax('t', 10)], { a: 10.005, b: 10.005 }, '20.02 +2 t = 22.02'],
    ['rounded once over its lines', [tax('t', 5)], { a: 0.1, b: 0.1 }, '0.2 +0.01 t = 0.21'],
    [
      'of two labels',
      [tax('t', 10, { label: 'T' }), tax('u', 5, { label: 'U' })],
      { a: 10 },
      '10 +1 T +0.5 U = 11.5',
    ],
    [
      'two rates of one label',
      [tax('t', 10, { label: 'V', of: ['a'] }), tax('u', 5, { label: 'V', of: ['b'] })],
      { a: 10, b: 10 },
      '20 +1 V +0.5 V = 21.5',
    ],
    [
      'one rate and label is one tax, rounded once',
      [tax('t', 5, { label: 'V', of: ['a'] }), tax('u', 5, { label: 'V', of: ['b'] })],
      { a: 0.1, b: 0.1 },
      '0.2 +0.01 V = 0.21',
    ],
    ['included', [tax('t', 19, included)], { a: 119 }, '119 +19 t = 119'],
    [
      'two included ones share the gross',
      [tax('t', 10, { ...included, label: 'T' }), tax('u', 9, { ...included, label: 'U' })],
      { a: 119 },
      '119 +10 T +9 U = 119',
    ],
    [
      'included ones of different lines',
      [
        tax('t', 10, { ...included, label: 'T', of: ['a'] }),
        tax('u', 5, { ...included, label: 'U', of: ['b'] }),
      ],
      { a: 110, b: 105 },
      '215 +10 T +5 U = 215',
    ],
    [
      'an included one and one on top',
      [tax('t', 10, { ...included, label: 'T' }), tax('u', 10, { label: 'U' })],
      { a: 110 },
      '110 +10 T +11 U = 121',
    ],
    [
      'included, summed before it is rounded',
      [tax('t', 50, included)],
      { a: 0.01, b: 0.01, c: 0.025 },
      '0.05 +0.02 t = 0.05',
    ],
    ['of a credit', [tax('t', 10)], { a: -10 }, '-10 +-1 t = -11'],
    ['of lines that are not there', [tax('t', 10, { of: ['b'] })], { a: 10 }, '10 = 10'],
  ] as const) {
    it(name, async () => {
      const { evaluations } = await priced(document(grouped(taxes)), asks(lines));
      const { amount, total, taxes: found } = evaluations[0]!;
      const listed = found.map((one) => ` +${formatDecimal(one.amount)} ${one.label}`).join('');
      assert.equal(`${formatDecimal(amount)}${listed} = ${formatDecimal(total)}`, expected);
    });
  }

  /** Of two rules of one rate, both named for the first: so they are one tax. */
  function grouped(taxes: readonly Document[]): readonly Document[] {
    return taxes.map((one) => {
      const event = one.event as { params: Document };
      return event.params.label === undefined
        ? { ...one, event: { ...event, params: { ...event.params, label: 't' } } }
        : one;
    });
  }
});

describe('quote: rounding of a bill', () => {
  const lines = { a: 2.5, b: -2.5, c: 0.125 };
  for (const [currency, mode, expected] of [
    ['USD', undefined, '0.13: a 2.5, b -2.5, c 0.13'],
    ['USD', 'half_even', '0.12: a 2.5, b -2.5, c 0.12'],
    ['USD', 'down', '0.12: a 2.5, b -2.5, c 0.12'],
    ['USD', 'up', '0.13: a 2.5, b -2.5, c 0.13'],
    ['JPY', 'half_up', '0: a 3, b -3, c 0'],
    ['JPY', 'half_even', '0: a 2, b -2, c 0'],
    ['JPY', 'up', '1: a 3, b -3, c 1'],
    ['JPY', 'down', '0: a 2, b -2, c 0'],
    ['KWD', 'half_up', '0.125: a 2.5, b -2.5, c 0.125'],
  ] as const) {
    it(`${currency}, ${mode ?? 'half_up unless the document says so'}`, async () => {
      const one = document([], { currency, ...(mode && { rounding: mode }) });
      assert.equal(shown(await priced(one, asks(lines))), expected);
    });
  }

  it('a shared amount is split by the minor unit', async () => {
    const one = document([invoice('ten', 'discount', { amount: 0.1 })]);
    const answer = await priced(one, asks({ a: 1, b: 1, c: 1 }));
    assert.equal(shown(answer), '2.9: a 0.96, b 0.97, c 0.97 | -0.1 ten');
  });

  it('a shared amount takes no line past zero, however small', async () => {
    const one = document([invoice('x', 'discount', { amount: 0.009 })]);
    const answer = await priced(one, asks({ a: 0.004, b: 0.006 }));
    const nets = answer.evaluations[0]!.discounts[0]!.lines;
    assert.deepEqual(
      [...nets].map(([line, loss]) => [line, formatDecimal(loss)]),
      [
        ['a', '0.003'],
        ['b', '0.006'],
      ],
    );
  });
});
