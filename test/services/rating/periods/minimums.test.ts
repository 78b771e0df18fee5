import assert from 'node:assert/strict';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { type Document, charge, rule } from '../../../quote/priced.js';
import {
  type Change,
  type Periods,
  charged,
  checkBooks,
  due,
  make,
  openPeriods,
  publish,
  ratingsOfPeriods,
  recorded,
  subscribed,
  walk,
} from './periods.js';

/** Calls at 0.10 each, and 5.00 at least for a window in which any were made. */
const calls = (price: Document = {}, more: Document = {}): Document => ({
  facts: {
    calls: { type: 'integer', default: 0 },
    region: { type: 'string', default: 'eu' },
    'subscription.least': { type: 'decimal', default: 8 },
  },
  prices: { call: { model: 'per_unit', quantity: 'calls', unit_price: 0.1, minimum: 5, ...price } },
  rules: [charge('call')],
  ...more,
});

let uses = 0;
const use = (at: string, number: number, more: Readonly<Record<string, string>> = {}): Change => [
  at,
  'use',
  `u${++uses}`,
  { calls: `${number}`, ...more },
];

type Case = readonly [
  name: string,
  document: Document,
  steps: readonly (Change | string)[],
  /** What periods were charged after all: `DUE AMOUNT`. */
  expected: string,
];

const CASES: readonly Case[] = [
  ['nothing used, nothing due', calls(), [], ''],
  ['30 calls are 3.00, so 2.00 more', calls(), [use('2026-04-02', 30)], '2026-05-01 2'],
  ['in several uses', calls(), [use('2026-04-02', 10), use('2026-04-20', 20)], '2026-05-01 2'],
  ['50 calls are enough', calls(), [use('2026-04-02', 50)], ''],
  ['not before the window has closed', calls(), [use('2026-04-02', 30), '2026-04-30'], '2026-05-01 2'],
  [
    'each month for itself',
    calls(),
    [use('2026-04-02', 30), use('2026-05-01', 40)],
    '2026-05-01 2, 2026-06-01 1',
  ],
  [
    'late: 10 calls more leave 1.00',
    calls(),
    [use('2026-04-02', 30), '2026-05-02', use('2026-04-30', 10)],
    '2026-05-01 1',
  ],
  [
    'late: 60 calls leave nothing',
    calls(),
    [use('2026-04-02', 30), '2026-05-02', use('2026-04-30', 60)],
    '2026-05-01 0',
  ],
  [
    'taken back before: as if nothing was used',
    calls(),
    [
      ['2026-04-02', 'use', 'back', { calls: '30' }],
      ['2026-04-03', 'take back', 'back'],
    ],
    '',
  ],
  [
    'taken back after',
    calls(),
    [
      ['2026-04-02', 'use', 'late back', { calls: '30' }],
      '2026-05-02',
      ['2026-05-03', 'take back', 'late back'],
    ],
    '2026-05-01 0',
  ],
  [
    'each day for itself, with the month: 3 × 2.00',
    calls({ resets: 'day' }),
    [use('2026-04-02', 30), use('2026-04-03', 30), use('2026-04-09', 30)],
    '2026-05-01 6',
  ],
  [
    'each hour',
    calls({ resets: 'hour' }),
    [use('2026-04-02T10:00:00Z', 30), use('2026-04-02T10:59:00Z', 10), use('2026-04-02T11:00:00Z', 10)],
    '2026-05-01 5',
  ],
  [
    'a week with the month in which it ends',
    calls({ resets: 'week' }),
    [use('2026-04-28', 30)],
    '2026-06-01 2',
  ],
  [
    'late in such a week',
    calls({ resets: 'week' }),
    [use('2026-04-28', 30), '2026-06-02', use('2026-04-29', 10)],
    '2026-06-01 1',
  ],
  [
    'a quarter with its last month',
    calls({ resets: 'quarter' }),
    [use('2026-04-02', 30), use('2026-06-02', 5)],
    '2026-07-01 1.5',
  ],
  [
    'or with the end of the subscription',
    calls({ resets: 'quarter' }),
    [use('2026-04-02', 30), ['2026-05-10', 'end']],
    '2026-06-01 2',
  ],
  [
    'each region for itself',
    calls({ group_by: ['region'] }),
    [use('2026-04-02', 30), use('2026-04-02', 20, { region: 'us' })],
    '2026-05-01 5',
  ],
  [
    'by a fact of the subscription',
    calls({ minimum: { fact: 'subscription.least' } }),
    [use('2026-04-02', 30)],
    '2026-05-01 5',
  ],
  [
    'before discounts, and without them',
    calls(
      {},
      {
        rules: [
          charge('call'),
          rule('half', 'discount', { percent: 50 }),
          rule('half of it', 'discount', { percent: 50 }, { moment: 'period' }),
        ],
      },
    ),
    [use('2026-04-02', 30)],
    '2026-05-01 2',
  ],
  ['by what a maximum has left', calls({ maximum: 3 }), [use('2026-04-02', 90)], '2026-05-01 2'],
  [
    'of a use that rounds',
    calls({ round_rating: { to: 1, mode: 'up' } }),
    [use('2026-04-02', 1), use('2026-04-03', 1)],
    '2026-05-01 3',
  ],
];

describe('services/rating/periods: minimums of prices', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
  });

  const run = (document: Document, steps: readonly (Change | string)[]) =>
    walk(ports, document, { start: '2026-04-01', steps: [...steps, '2026-07-02'] });

  for (const [name, document, steps, expected] of CASES) {
    it(name, async () => {
      assert.equal(await charged(ports, await run(document, steps)), expected);
    });
  }

  it('is a line of its own, and its correction takes it back whole', async () => {
    const account = await run(calls(), [use('2026-04-02', 30), '2026-05-02', use('2026-04-30', 10)]);
    assert.equal(await recorded(ports, account), '2026-05-01 2, 2026-05-01 -2, 2026-05-01 1');
    const [first] = await ratingsOfPeriods(ports, account);
    assert.deepEqual(
      first?.lines.map(({ line, kind, price, rule: name, net }) => [
        line,
        kind,
        price,
        name,
        formatDecimal(net),
      ]),
      [['call', 'minimum', 'call', 'charge call', '2']],
    );
  });

  it('for many groups, more than a window keeps with itself', async () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      use('2026-04-02', 30, { region: `r/${i}: ${'x'.repeat(i * 20)}` }),
    );
    const account = await run(calls({ group_by: ['region'] }), many);
    assert.equal(await charged(ports, account), '2026-05-01 40');
    const ratings = await ratingsOfPeriods(ports, account);
    const regions = new Set(
      ratings.map(({ given }) => given.get('region')).map((fact) => (fact?.kind === 'text' ? fact.text : '')),
    );
    assert.equal(regions.size, 20);
  });

  it('by what a price has charged before it had one', async () => {
    publish(ports, calls({ minimum: undefined }));
    publish(ports, calls(), { number: 2, from: '2026-04-15T00:00:00Z' });
    const account = await subscribed(ports, '2026-04-01');
    for (const one of [use('2026-04-02', 30), use('2026-04-20', 1)]) await make(ports, account, one);
    await due(ports, account, '2026-05-02');
    assert.equal(await charged(ports, account), '2026-05-01 1.9');
    await checkBooks(ports, account);
    ports.book.byStrategy.clear();
  });

  it('of a subscription since ever also for windows before it was created', async () => {
    ports.clock.time = 1_775_000_000_000_000_000n;
    publish(ports, calls());
    const account = await subscribed(ports, undefined);
    await make(ports, account, use('2026-02-02', 30));
    await due(ports, account, '2026-07-02');
    assert.equal(await charged(ports, account), '2026-03-01 2');
    await make(ports, account, use('2026-01-02', 40));
    await due(ports, account, '2026-07-02');
    assert.equal(await charged(ports, account), '2026-02-01 1, 2026-03-01 2');
    await checkBooks(ports, account);
  });
});
