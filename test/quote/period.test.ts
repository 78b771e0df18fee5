import { plus } from '../../src/money/arithmetic.js';
import { round } from '../../src/money/rounding.js';
import { formatDecimal } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import { type Asked, type Document, charge, priced, refusalOf, rule, shown, when } from './priced.js';

const period = { moment: 'period' };
const document = (price: Document, more: Document = {}): Document => ({
  facts: { 'subscription.seats': { type: 'decimal', default: 1 } },
  prices: { seat: { model: 'per_unit', quantity: 'subscription.seats', unit_price: 30, ...price } },
  ...more,
  rules: [charge('seat', 'seat', period), ...((more.rules as Document[] | undefined) ?? [])],
});
const april = '2026-04-10T00:00:00Z';
const ask = (service?: Asked['service'], occurred_at: string | undefined = april): Asked => ({
  moment: 'period',
  facts: occurred_at === '' ? {} : { occurred_at },
  service,
});
const days = { prorate: 'days' };

describe('quote: period', () => {
  for (const [name, price, asked, expected] of [
    ['the whole period', days, ask(), '30'],
    [
      'from the eleventh on: the day of the change counts',
      days,
      ask(['2026-04-11T00:00:00Z', undefined]),
      '20',
    ],
    ['up to the eleventh, which does not count', days, ask([undefined, '2026-04-11T00:00:00Z']), '10'],
    [
      'a change within a day counts for the day that begins',
      days,
      ask(['2026-04-11T15:00:00Z', undefined]),
      '20',
    ],
    ['and not for the day that ends', days, ask([undefined, '2026-04-11T15:00:00Z']), '10'],
    ['by days unless the price says otherwise', {}, ask(['2026-04-11T00:00:00Z', undefined]), '20'],
    ['not prorated', { prorate: 'none' }, ask(['2026-04-11T00:00:00Z', undefined]), '30'],
    ['by seconds', { prorate: 'seconds' }, ask(['2026-04-16T00:00:00Z', undefined]), '15'],
    [
      'by seconds, within a day',
      { prorate: 'seconds' },
      ask(['2026-04-30T23:59:00Z', undefined]),
      '0.000694444444444444',
    ],
    [
      'a period of its own',
      { ...days, period: 'year', unit_price: 365 },
      ask(['2026-12-01T00:00:00Z', undefined]),
      '31',
    ],
    [
      'a span around the period is the period',
      days,
      ask(['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']),
      '30',
    ],
    ['a span before it is nothing', days, ask(['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']), '0'],
    ['a span after it is nothing', days, ask(['2026-06-01T00:00:00Z', undefined]), '0'],
    ['the start of the service tells the period', days, ask(['2026-02-15T00:00:00Z', undefined], ''), '15'],
    ['without any instant it is a whole one', days, ask(undefined, ''), '30'],
    [
      'one fraction, divided last',
      { ...days, unit_price: 10 },
      ask(['2026-04-21T00:00:00Z', undefined]),
      '3.333333333333333333',
    ],
  ] as const) {
    it(name, async () => {
      assert.equal(formatDecimal((await priced(document(price), asked)).amount), expected);
    });
  }

  it('pieces of a period add up, in a month with a change of clocks', async () => {
    const berlin = document(days, { time_zone: 'Europe/Berlin' });
    const cut = '2026-03-29T00:30:00Z';
    const pieces = [
      [undefined, cut],
      [cut, undefined],
    ] as const;
    const amounts = await Promise.all(
      pieces.map((piece) => priced(berlin, ask(piece, '2026-03-10T00:00:00Z'))),
    );
    assert.equal(formatDecimal(round(plus(amounts[0]!.amount, amounts[1]!.amount), 15, 'half_even')), '30');
  });

  for (const [name, service] of [
    ['facts of the period', undefined],
    ['the end of a service', [undefined, '2026-04-11T00:00:00Z']],
  ] as const) {
    it(`${name} without an instant is refused`, async () => {
      const rules =
        service === undefined
          ? [rule('short', 'discount', { percent: 1 }, { ...period, ...when('period_days', 'lessThan', 30) })]
          : [];
      const why =
        service === undefined
          ? 'period_days is read from it'
          : 'it tells which period the end of the service is in';
      assert.equal(
        await refusalOf(document({}, { rules }), ask(service, '')),
        `INVALID_FACTS facts.occurred_at: is missing; ${why}`,
      );
    });
  }

  const half = ['2026-04-16T00:00:00Z', undefined] as const;
  for (const [fact, value] of [
    ['period_start', '2026-04-01T00:00:00Z'],
    ['period_end', '2026-05-01T00:00:00Z'],
    ['period_days', 30],
    ['period_fraction', 0.5],
    ['total.level', 7],
    ['total.seat', 0],
  ] as const) {
    it(`${fact} is ${value}`, async () => {
      const one = document(
        {},
        {
          facts: {
            'subscription.seats': { type: 'decimal', default: 1 },
            level: { type: 'decimal', default: 0 },
          },
          prices: {
            seat: { model: 'flat', amount: 30, prorate: 'none' },
            level: { model: 'per_unit', quantity: 'level', unit_price: 1, aggregate: 'max' },
          },
          rules: [
            charge('level'),
            rule(
              'told',
              'discount',
              { amount: 1, of: ['seat'] },
              { ...period, ...when(fact, 'equal', value) },
            ),
          ],
        },
      );
      assert.equal(
        shown(await priced(one, { ...ask(half), totals: { level: 7 } })),
        '36: seat 29, level 7 | -1 told',
      );
    });
  }

  for (const [name, rules, expected] of [
    ['percent', [rule('off', 'discount', { percent: 10 }, period)], '13.5: seat 13.5 | -1.5 off'],
    [
      'free units are prorated as what they are taken from',
      [rule('off', 'discount', { free_quantity: 1 }, period)],
      '0: seat 0 | -15 off',
    ],
    ['an amount is not', [rule('off', 'discount', { amount: 10 }, period)], '5: seat 5 | -10 off'],
  ] as const) {
    it(`discounts of a part of a period: ${name}`, async () => {
      assert.equal(shown(await priced(document(days, { rules }), ask(half))), expected);
    });
  }

  it('no rule of the period matches: no price', async () => {
    assert.match(
      await refusalOf({ ...document({}), rules: [charge('seat')] }, ask()),
      /^NO_PRICE No charge rule of test matches at the moment period/,
    );
  });
});
