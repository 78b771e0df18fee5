import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/money/decimal.js';
import type { Quote } from '../../src/quote/quote.js';
import { type Asked, type Document, charge, explained, priced, refusalOf, rule, when } from './priced.js';

/** All lines of the uses: `price quantity amount`. */
const linesOf = (answer: Quote) =>
  answer.evaluations
    .flatMap(({ lines }) => lines)
    .map(({ price, rule: name, quantity, net }) =>
      [price === '' ? name : price, ...[quantity, net].map(formatDecimal)].join(' '),
    )
    .join(', ');

const call = (seconds: number, occurred_at: string, rest: Document = {}): Asked => ({
  facts: { seconds, occurred_at: `2026-01-05T${occurred_at}Z`, ...rest },
});

const SECONDS = { seconds: { type: 'decimal', lasts: 'second', default: 0 } };
const evening = when('local_hour', 'greaterThanInclusive', 18);
/** A price by day and one from 18 on, on one line. */
const dayAndEvening = (day: Document, dark: Document, rest: Document = {}): Document => ({
  facts: SECONDS,
  prices: { day: { quantity: 'seconds', ...day }, dark: { quantity: 'seconds', ...dark } },
  rules: [charge('day', 'call'), charge('dark', 'call', { ...evening, priority: 2 })],
  ...rest,
});
const perSecond = { model: 'per_unit', quantity: 'seconds', unit_price: 1 };
/** So many units at 2, those after them at 1. */
const first = (up_to: number) => ({
  model: 'graduated',
  unit_price: undefined,
  tiers: [{ up_to, unit_price: 2 }, { unit_price: 1 }],
});
const plain = dayAndEvening({ model: 'per_unit', unit_price: 2 }, { model: 'per_unit', unit_price: 1 });
/** The first minute whole, then six seconds by six, with a fee for the connection. */
const sixtySix = (unit_price: number) => ({
  model: 'graduated',
  resets: 'each',
  tiers: [
    { up_to: 60, unit_price, block: 60, flat: 10 },
    { unit_price, block: 6 },
  ],
});
const phone = dayAndEvening(sixtySix(2), sixtySix(1));

describe('quote: a use that lasts', () => {
  const cases: readonly (readonly [string, Document, Asked, string])[] = [
    ['is one piece where nothing changes', plain, call(3600, '12:00:00'), 'day 3600 7200'],
    ['is cut where another rule wins', plain, call(100, '17:59:30'), 'day 30 60, dark 70 70'],
    ['begins there in the later piece', plain, call(100, '18:00:00'), 'dark 100 100'],
    ['ends there in the earlier one', plain, call(100, '17:58:20'), 'day 100 200'],
    ['goes on past midnight', plain, call(7200, '23:30:00'), 'dark 1800 1800, day 5400 10800'],
    ['of no length is one piece', plain, call(0, '17:59:59'), 'day 0 0'],
    ['pays a block where it begins', phone, call(100, '17:59:30'), 'day 60 130, dark 40 42'],
    ['pays the block of six where it begins', phone, call(100, '17:58:56'), 'day 66 142, dark 34 36'],
    ['is over with the block that was begun', phone, call(50, '17:59:30'), 'day 50 130'],
    ['pays the fee of the connection once', phone, call(3720, '17:59:00'), 'day 60 130, dark 3660 3660'],
    [
      'charges for uses where the line appears',
      { ...plain, prices: { day: { model: 'flat', amount: 5 }, dark: { model: 'flat', amount: 3 } } },
      call(100, '17:59:30'),
      'day 1 5',
    ],
    [
      'pays a started package where it begins',
      dayAndEvening(
        { model: 'package', size: 40, price: 4, resets: 'each' },
        { model: 'package', size: 40, price: 2, resets: 'each' },
      ),
      call(100, '17:59:30'),
      'day 40 4, dark 60 4',
    ],
    [
      'rounds the quantity of the whole',
      dayAndEvening(
        { model: 'per_unit', unit_price: 2, round_quantity: { to: 60, mode: 'up', each: true } },
        { model: 'per_unit', unit_price: 1, round_quantity: { to: 60, mode: 'up', each: true } },
      ),
      call(100, '17:59:30'),
      'day 60 120, dark 40 60',
    ],
    [
      'rounds the amount of the whole',
      dayAndEvening(
        { model: 'per_unit', unit_price: 0.03, round_rating: { to: 1, mode: 'up' } },
        { model: 'per_unit', unit_price: 0.01, round_rating: { to: 1, mode: 'up' } },
      ),
      call(100, '17:59:30'),
      'day 30 1, dark 70 1',
    ],
    [
      'shares other quantities by time, exactly',
      {
        facts: { ...SECONDS, kwh: { type: 'decimal', default: 0 } },
        prices: {
          day: { model: 'per_unit', quantity: 'kwh', unit_price: 1 },
          dark: { model: 'per_unit', quantity: 'kwh', unit_price: 1 },
        },
        rules: [charge('day', 'call'), charge('dark', 'call', { ...evening, priority: 2 })],
      },
      call(90, '17:59:30', { kwh: 1 }),
      'day 0.333333333333333333 0.333333333333333333, dark 0.666666666666666667 0.666666666666666667',
    ],
    [
      'shares money by time, and pays the fee of an event once',
      {
        facts: { ...SECONDS, money: { type: 'decimal', default: 0 } },
        prices: {
          day: { model: 'percentage', of: 'money', percent: 10, fixed: 1 },
          dark: { model: 'percentage', of: 'money', percent: 5, fixed: 1 },
        },
        rules: [charge('day', 'call'), charge('dark', 'call', { ...evening, priority: 2 })],
      },
      call(100, '17:59:30', { money: 100 }),
      'day 30 4, dark 70 3.5',
    ],
    [
      'moves the running total of each price by what it counts',
      dayAndEvening(
        { model: 'graduated', tiers: [{ up_to: 20, unit_price: 2 }, { unit_price: 1 }] },
        { model: 'graduated', tiers: [{ up_to: 20, unit_price: 4 }, { unit_price: 3 }] },
      ),
      call(100, '17:59:30'),
      'day 30 50, dark 70 230',
    ],
    [
      'goes on with a running total that its prices share',
      dayAndEvening(
        { model: 'graduated', counter: 'c', tiers: [{ up_to: 50, unit_price: 2 }, { unit_price: 1 }] },
        { model: 'graduated', counter: 'c', tiers: [{ up_to: 50, unit_price: 4 }, { unit_price: 3 }] },
      ),
      call(100, '17:59:30'),
      'day 30 60, dark 70 230',
    ],
    [
      'starts again where a window does',
      {
        facts: SECONDS,
        prices: {
          day: {
            model: 'graduated',
            quantity: 'seconds',
            resets: 'day',
            tiers: [{ up_to: 20, unit_price: 2 }, { unit_price: 1 }],
          },
        },
        rules: [charge('day')],
      },
      call(100, '23:59:30'),
      'day 30 50, day 70 90',
    ],
    [
      'takes a percentage off the piece in which it is given',
      { ...plain, rules: [charge('day', 'call'), rule('happy', 'discount', { percent: 50 }, evening)] },
      call(100, '17:59:30'),
      'day 30 60, day 70 70',
    ],
    [
      'takes an amount off once',
      { ...plain, rules: [...(plain.rules as Document[]), rule('off', 'discount', { amount: 26 })] },
      call(100, '17:59:30'),
      'day 30 48, dark 70 56',
    ],
    [
      'takes free units off once, from the start',
      { ...plain, rules: [...(plain.rules as Document[]), rule('off', 'discount', { free_quantity: 40 })] },
      call(100, '17:59:30'),
      'day 30 0, dark 70 60',
    ],
    [
      'adds a surcharge on the pieces in which it is due',
      { ...plain, rules: [charge('day', 'call'), rule('night', 'surcharge', { percent: 50 }, evening)] },
      call(100, '17:59:30'),
      'day 30 60, day 70 140, night 0 70',
    ],
    [
      'adds an amount once',
      { ...plain, rules: [...(plain.rules as Document[]), rule('fee', 'surcharge', { amount: 5 })] },
      call(100, '17:59:30'),
      'day 30 60, dark 70 70, fee 0 5',
    ],
    [
      'is cut at a time of day',
      {
        ...plain,
        rules: [
          charge('day', 'call', when('local_time', 'lessThan', '17:45')),
          charge('dark', 'call', when('local_time', 'greaterThanInclusive', '17:45')),
        ],
      },
      call(3600, '17:15:00'),
      'day 1800 3600, dark 1800 1800',
    ],
    [
      'has a line from where its rule matches',
      { ...plain, rules: [charge('day', 'call'), charge('dark', 'night', evening)] },
      call(100, '17:59:30'),
      'day 100 200, dark 70 70',
    ],
  ];
  for (const [what, document, asked, expected] of cases) {
    it(what, async () => {
      assert.equal(linesOf(await priced(document, asked)), expected);
    });
  }

  const refusals: readonly (readonly [string, Document, Asked, string])[] = [
    [
      'is refused where a part of it is not for sale',
      {
        ...plain,
        rules: [charge('day'), rule('closed', 'reject', { code: 'CLOSED', message: 'Closed.' }, evening)],
      },
      call(100, '17:59:30'),
      'REJECTED Closed.',
    ],
    [
      'has no price where a part of it has none',
      { ...plain, rules: [charge('day', 'call', when('local_hour', 'lessThan', 18))] },
      call(100, '17:59:30'),
      'NO_PRICE No charge rule of test matches at the moment usage; add a rule, or reject this use.',
    ],
    [
      'is refused when it may be cut too often',
      plain,
      call(10_001 * 3600, '17:00:00'),
      'INVALID_FACTS facts.seconds: 36003600 × 1 second is too long: its price may change more than 9999 times meanwhile; send it as several uses',
    ],
    [
      'is refused when it never ends',
      plain,
      call(9e15, '17:00:00'),
      'INVALID_FACTS facts.seconds: 9000000000000000 × 1 second ends after the year 9999',
    ],
    [
      'is refused when how long it lasts was not sent',
      { ...plain, facts: { ...SECONDS, seconds: { type: 'decimal', lasts: 'second' } } },
      { facts: { occurred_at: '2026-01-05T17:00:00Z' } },
      'INVALID_FACTS facts.seconds: is missing; test needs it as a decimal at the moment usage',
    ],
  ];
  for (const [what, document, asked, expected] of refusals) {
    it(what, async () => {
      assert.equal(await refusalOf(document, asked), expected);
    });
  }

  it('may last for ever where nothing changes', async () => {
    const document = { ...plain, rules: [charge('day')], prices: { day: { ...perSecond, resets: 'each' } } };
    assert.equal(linesOf(await priced(document, call(9e12, '17:00:00'))), 'day 9000000000000 9000000000000');
  });

  it('goes on after its end from the totals of each window', async () => {
    const daily = {
      ...plain,
      rules: [charge('day')],
      prices: { day: { ...perSecond, ...first(20), resets: 'day' } },
    };
    const usage = ['2026-01-05T23:59:30Z', '2026-01-05T12:00:00Z', '2026-01-06T12:00:00Z'].map(
      (occurred_at) => ({ seconds: 40, occurred_at }),
    );
    const shown = linesOf(await priced(daily, { usage, used: { day: 5 } }));
    // Of the day after nothing was told: the first piece there starts at zero.
    assert.equal(shown, 'day 30 45, day 10 20, day 40 40, day 40 50');
  });

  const BERLIN = { time_zone: 'Europe/Berlin' };
  /** Hours of the night, from 22 to 6, at 1, others at 2. */
  const nights = (lasts: string, rest: Document = {}): Document => ({
    ...BERLIN,
    facts: { stay: { type: 'decimal', lasts } },
    prices: {
      light: { model: 'per_unit', quantity: 'stay', unit_price: 2 },
      dark: { model: 'per_unit', quantity: 'stay', unit_price: 1 },
    },
    rules: [
      charge('light', 'stay'),
      charge('dark', 'stay', {
        priority: 2,
        conditions: {
          any: [
            { fact: 'local_hour', operator: 'lessThan', value: 6 },
            { fact: 'local_hour', operator: 'greaterThanInclusive', value: 22 },
          ],
        },
      }),
    ],
    ...rest,
  });
  const weekend: Document = {
    rules: [
      charge('light', 'stay'),
      charge('dark', 'stay', { ...when('local_weekday', 'greaterThanInclusive', 6), priority: 2 }),
    ],
  };
  const clocks: readonly (readonly [string, Document, string, number, string])[] = [
    [
      'an hour that clocks skip',
      nights('hour'),
      '2026-03-28T20:00:00+01:00',
      10,
      'light 2 4, dark 7 7, light 1 2',
    ],
    [
      'an hour that clocks show twice',
      nights('hour'),
      '2026-10-24T20:00:00+02:00',
      12,
      'light 2 4, dark 9 9, light 1 2',
    ],
    [
      'days of 23 hours',
      nights('day', weekend),
      '2026-03-27T00:00:00+01:00',
      4,
      'light 1 2, dark 2 2, light 1 2',
    ],
    [
      'days of 25 hours',
      nights('day', weekend),
      '2026-10-23T12:00:00+02:00',
      3,
      'light 0.5 1, dark 2 2, light 0.5 1',
    ],
    ['half an hour of minutes', nights('minute'), '2026-01-05T21:50:00+01:00', 30, 'light 10 20, dark 20 20'],
  ];
  for (const [what, document, occurred_at, stay, expected] of clocks) {
    it(`over ${what}`, async () => {
      assert.equal(linesOf(await priced(document, { facts: { stay, occurred_at } })), expected);
    });
  }

  it('explains each piece', async () => {
    const { explanations } = await explained(plain, call(100, '17:59:30'));
    const [first] = explanations;
    assert.ok(first);
    assert.equal(explanations.length, 1);
    const outcomes = (rules: typeof first.rules) => rules.map(({ rule: name, outcome }) => [name, outcome]);
    assert.deepEqual(outcomes(first.rules), [
      ['charge day', 'won'],
      ['charge dark', 'not_matched'],
    ]);
    assert.equal(first.pieces.length, 1);
    const [later] = first.pieces;
    assert.ok(later);
    assert.deepEqual([...later.facts.keys()], ['local_hour']);
    assert.deepEqual(outcomes(later.rules), [
      ['charge day', 'beaten'],
      ['charge dark', 'won'],
    ]);
    assert.deepEqual(
      first.steps.map(({ label, value }) => `${label}: ${formatDecimal(value)}`),
      [
        '2026-01-05T17:59:30Z to 2026-01-05T18:00:00Z, charge day: 30',
        'Running total: 30',
        'Price: 60',
        '2026-01-05T18:00:00Z to 2026-01-05T18:01:10Z, charge dark: 70',
        'Running total: 70',
        'Price: 70',
        'Amount: 130',
      ],
    );
  });

  it('explains where there is no price', async () => {
    const gap = { ...plain, rules: [charge('day', 'call', when('local_hour', 'lessThan', 18))] };
    const { error, explanations } = await explained(gap, call(100, '17:59:30'));
    assert.equal(error?.reason, 'NO_PRICE');
    assert.equal(explanations[0]?.pieces.length, 1);
  });
});
