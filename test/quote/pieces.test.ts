import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/money/decimal.js';
import type { Quote } from '../../src/quote/quote.js';
import { type Asked, type Document, charge, priced, refusalOf, rule, when } from './priced.js';

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
    it(what, async () => assert.equal(linesOf(await priced(document, asked)), expected));
  }
});
