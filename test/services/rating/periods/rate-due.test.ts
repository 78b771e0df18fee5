import assert from 'node:assert/strict';
import { type Document, charge, rule, when } from '../../../quote/priced.js';
import {
  type Change,
  type Periods,
  charged,
  checkBooks,
  due,
  make,
  openPeriods,
  publish,
  subscribed,
} from './periods.js';

const period = { moment: 'period' };

/** Seats at 30.00 a month; `more` goes to the price. */
const seats = (more: Document = {}, head: Document = {}): Document => ({
  facts: { 'subscription.seats': { type: 'decimal', default: 1 } },
  prices: {
    seat: { model: 'per_unit', quantity: 'subscription.seats', unit_price: 30, ...more },
  },
  rules: [charge('seat', 'seat', { ...period, ...when('subscription.seats', 'greaterThan', 0) })],
  ...head,
});

type Case = readonly [
  name: string,
  document: Document,
  start: string,
  steps: readonly (Change | string)[],
  expected: string,
];

const CASES: readonly Case[] = [
  [
    'months of 31, 28 and 31 days cost the same',
    seats(),
    '2026-01-01',
    ['2026-03-15'],
    '2026-01-01 30, 2026-02-01 30, 2026-03-01 30',
  ],
  ['nothing is due before the start', seats(), '2026-02-01', ['2026-01-31'], ''],
  [
    'from the 16th of April: 15 of 30 days are 30 × 15 ÷ 30',
    seats(),
    '2026-04-16',
    ['2026-05-01'],
    '2026-04-16 15, 2026-05-01 30',
  ],
  [
    'from the 15th of a February of 28 days: 14 of 28',
    seats(),
    '2026-02-15',
    ['2026-02-15'],
    '2026-02-15 15',
  ],
  [
    'from the 15th of a February of 29 days: 15 of 29 of 29.00',
    seats({ unit_price: 29 }),
    '2028-02-15',
    ['2028-02-20'],
    '2028-02-15 15',
  ],
  [
    'three seats more on the 11th: 2 for 10 days, 5 for 20 of 30: 20 and 100',
    seats(),
    '2026-04-01',
    [
      ['2026-04-01', 'set', { seats: '2' }],
      '2026-04-01',
      ['2026-04-11', 'set', { seats: '5' }],
      '2026-04-20',
    ],
    '2026-04-01 20, 2026-04-11 100',
  ],
  [
    'two seats less on the 16th: 3 for 15 days, 1 for 15: 45 and 15',
    seats(),
    '2026-04-01',
    [
      ['2026-04-01', 'set', { seats: '3' }],
      '2026-04-10',
      ['2026-04-16', 'set', { seats: '1' }],
      '2026-04-16',
    ],
    '2026-04-01 45, 2026-04-16 15',
  ],
  [
    'a change for the next period leaves this one alone',
    seats(),
    '2026-04-01',
    ['2026-04-02', ['2026-04-11', 'next', { seats: '5' }], '2026-05-01'],
    '2026-04-01 30, 2026-05-01 150',
  ],
  [
    'a change that lies ahead is charged when it comes',
    seats(),
    '2026-04-01',
    [['2026-04-16', 'set', { seats: '3' }], '2026-04-10'],
    '2026-04-01 30',
  ],
  [
    'ended on the 21st: 10 of 30 days come back',
    seats(),
    '2026-04-01',
    ['2026-04-10', ['2026-04-21', 'end'], '2026-05-10'],
    '2026-04-01 20',
  ],
  [
    'ended on the 21st and kept: nothing comes back, and nothing is charged later',
    seats(),
    '2026-04-01',
    ['2026-04-10', ['2026-04-21', 'end kept'], '2026-06-10'],
    '2026-04-01 30',
  ],
  [
    'ended before months that were charged: they come back whole',
    seats(),
    '2026-01-01',
    ['2026-03-10', ['2026-02-01', 'end'], '2026-03-11'],
    '2026-01-01 30, 2026-02-01 0, 2026-03-01 0',
  ],
  [
    'in arrears: due at the end, for the days served',
    seats({ bill: 'arrears' }),
    '2026-04-16',
    ['2026-04-30', '2026-05-01', '2026-06-15'],
    '2026-05-01 15, 2026-06-01 30',
  ],
  [
    'in arrears, ended on the 11th: 10 of 30 days, due when the month is over',
    seats({ bill: 'arrears' }),
    '2026-04-01',
    ['2026-04-05', ['2026-04-11', 'end'], '2026-04-20', '2026-05-20'],
    '2026-05-01 10',
  ],
  [
    'not prorated: charged once, by the seats that the month began with',
    seats({ prorate: 'none' }),
    '2026-04-16',
    ['2026-04-16', ['2026-04-20', 'set', { seats: '4' }], '2026-04-25', ['2026-05-10', 'end'], '2026-06-01'],
    '2026-04-16 30, 2026-05-01 120',
  ],
  [
    'not prorated and in arrears: charged once, by the seats that the month ended with',
    seats({ prorate: 'none', bill: 'arrears' }),
    '2026-04-01',
    [['2026-04-16', 'set', { seats: '4' }], '2026-05-10', ['2026-05-20', 'end'], '2026-06-01'],
    '2026-05-01 120, 2026-06-01 120',
  ],
  [
    'a year of 365 days in a monthly document: 31 of 365 of 365.00, then all of it',
    seats({ period: 'year', unit_price: 365 }),
    '2026-12-01',
    ['2027-01-15'],
    '2026-12-01 31, 2027-01-01 365',
  ],
  [
    'by seconds over the start of summer time: 24 h of 743 h',
    seats({ prorate: 'seconds', unit_price: 743 }, { time_zone: 'Europe/Berlin' }),
    '2026-03-30T22:00:00Z',
    ['2026-03-31'],
    '2026-03-30T22:00:00Z 24',
  ],
  [
    'in a zone, the month begins when its clocks say so',
    seats({}, { time_zone: 'Europe/Berlin' }),
    '2026-02-28T23:00:00Z',
    ['2026-03-31T22:00:00Z'],
    '2026-02-28T23:00:00Z 30, 2026-03-31T22:00:00Z 30',
  ],
  [
    'anchored on the 31st: the last day of short months, and back',
    seats({ anchor: 'subscription' }),
    '2026-01-31',
    ['2026-05-01'],
    '2026-01-31 30, 2026-02-28 30, 2026-03-31 30, 2026-04-30 30',
  ],
  [
    'anchored on the 15th, two seats from the 20th of April: 5 of 30 days one, 25 two',
    seats({ anchor: 'subscription' }),
    '2026-03-15',
    ['2026-04-16', ['2026-04-20', 'set', { seats: '2' }], '2026-04-20'],
    '2026-03-15 30, 2026-04-15 5, 2026-04-20 50',
  ],
  [
    'ten off a month, cut on the 16th: five off each half of 30 and 60',
    seats({}, { rules: [charge('seat', 'seat', period), rule('off', 'discount', { amount: 10 }, period)] }),
    '2026-04-01',
    ['2026-04-01', ['2026-04-16', 'set', { seats: '2' }], '2026-04-20'],
    '2026-04-01 10, 2026-04-16 25',
  ],
  [
    'tiers start anew with each piece: 3 seats are 2 × 30 + 15',
    seats(
      {},
      {
        prices: {
          seat: {
            model: 'graduated',
            quantity: 'subscription.seats',
            tiers: [{ up_to: 2, unit_price: 30 }, { unit_price: 15 }],
          },
        },
      },
    ),
    '2026-04-01',
    ['2026-04-01', ['2026-04-16', 'set', { seats: '3' }], '2026-04-20'],
    '2026-04-01 15, 2026-04-16 37.5',
  ],
  [
    'half off for two months, however often they are cut and charged again',
    seats(
      {},
      {
        rules: [charge('seat', 'seat', period), rule('start', 'discount', { percent: 50, times: 2 }, period)],
      },
    ),
    '2026-04-01',
    [
      '2026-04-01',
      ['2026-04-16', 'set', { seats: '2' }],
      '2026-06-20',
      ['2026-05-16', 'set', { seats: '4' }],
      '2026-07-01',
    ],
    // 15 × ½, 30 × ½; 60 × 15/31 × ½ = 14.516…, 120 × 16/31 × ½ = 30.967…; then the whole price of four seats.
    '2026-04-01 7.5, 2026-04-16 15, 2026-05-01 14.516129032258064516, 2026-05-16 30.9677419354838709675, 2026-06-01 120, 2026-07-01 120',
  ],
  [
    'half off for two months, one of which is not charged any more',
    seats(
      {},
      {
        rules: [charge('seat', 'seat', period), rule('start', 'discount', { percent: 50, times: 2 }, period)],
      },
    ),
    '2026-04-01',
    ['2026-05-02', ['2026-05-01', 'end'], '2026-06-01'],
    '2026-04-01 15, 2026-05-01 0',
  ],
  [
    'no seats, nothing is due',
    seats(),
    '2026-04-01',
    [['2026-04-01', 'set', { seats: '0' }], '2026-06-01'],
    '',
  ],
];

describe('services/rating/periods: what falls due', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
  });

  for (const [name, document, start, steps, expected] of CASES) {
    it(name, async () => {
      publish(ports, document);
      const account = await subscribed(ports, start);
      for (const step of steps)
        await (typeof step === 'string' ? due(ports, account, step) : make(ports, account, step));
      assert.equal(await charged(ports, account), expected);
      const before = await ports.store.ratings.countDocuments({ account });
      for (const step of steps) if (typeof step === 'string') await due(ports, account, step);
      assert.equal(await ports.store.ratings.countDocuments({ account }), before);
      await checkBooks(ports, account);
    });
  }
});
