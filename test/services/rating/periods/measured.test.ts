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
  ratingsOfPeriods,
  recorded,
  subscribed,
  walk,
} from './periods.js';

/** A level or a user at 1.00 each, measured as `price` says. */
const measured = (price: Document, head: Document = {}): Document => ({
  facts: {
    level: { type: 'decimal', default: 0 },
    user: { type: 'string', default: 'nobody' },
    region: { type: 'string', default: 'eu' },
    'subscription.trial': { type: 'boolean', default: false },
  },
  prices: { level: { model: 'per_unit', quantity: 'level', unit_price: 1, ...price } },
  rules: [charge('level')],
  ...head,
});

let uses = 0;
const level = (at: string, value: number, more: Readonly<Record<string, string>> = {}): Change => [
  at,
  'use',
  `u${++uses}`,
  { level: `${value}`, ...more },
];
const three = () => [level('2026-04-02', 5), level('2026-04-10', 9), level('2026-04-20', 7)];
const PACK = {
  model: 'graduated',
  unit_price: undefined,
  tiers: [{ up_to: 3, unit_price: 1 }, { unit_price: 0.5 }],
};

type Case = readonly [
  name: string,
  document: Document,
  steps: readonly (Change | string)[],
  expected: string,
];

const CASES: readonly Case[] = [
  ['nothing used, nothing due', measured({ aggregate: 'max' }), [], ''],
  ['max: the highest, 9', measured({ aggregate: 'max' }), three(), '2026-05-01 9'],
  ['last: the latest, 7', measured({ aggregate: 'last' }), three(), '2026-05-01 7'],
  [
    'last by the time of use, not of recording: 7',
    measured({ aggregate: 'last' }),
    three().toReversed(),
    '2026-05-01 7',
  ],
  [
    'unique: ann, bob and ann again are 2',
    measured({ aggregate: 'unique', quantity: 'user' }),
    [
      level('2026-04-02', 0, { user: 'ann' }),
      level('2026-04-03', 0, { user: 'bob' }),
      level('2026-04-04', 0, { user: 'ann' }),
    ],
    '2026-05-01 2',
  ],
  [
    'average by time: 10 for the last 15 of 30 days is 5',
    measured({ aggregate: 'average' }),
    [level('2026-04-16', 10)],
    '2026-05-01 5',
  ],
  [
    'average by time: 6 for 10 days, 3 for 20: (60 + 60) ÷ 30 = 4',
    measured({ aggregate: 'average' }),
    [level('2026-04-01', 6), level('2026-04-11', 3)],
    '2026-05-01 4',
  ],
  [
    'p95 of 30 days is the 29th: 28 empty ones, 4, 8',
    measured({ aggregate: 'max', bucket: 'day', over: 'p95' }),
    [level('2026-04-02', 8), level('2026-04-02T12:00:00Z', 6), level('2026-04-03', 4)],
    '2026-05-01 4',
  ],
  [
    'average over 30 days: (8 + 4) ÷ 30',
    measured({ aggregate: 'max', bucket: 'day', over: 'average' }),
    [level('2026-04-02', 8), level('2026-04-03', 4)],
    '2026-05-01 0.4',
  ],
  [
    'each day alone: 5 units are 3 × 1 + 2 × 0.5 = 4, and 2 units 2',
    measured({ ...PACK, aggregate: 'sum', bucket: 'day' }),
    [level('2026-04-02', 2), level('2026-04-02T12:00:00Z', 3), level('2026-04-03', 2)],
    '2026-05-01 6',
  ],
  [
    'each group alone: 9 and 3 in tiers are 6 and 3',
    measured({ ...PACK, aggregate: 'max', group_by: ['region'] }),
    [...three(), level('2026-04-05', 3, { region: 'us' })],
    '2026-05-01 9',
  ],
  [
    'late usage after the close: the difference of 9 and 12',
    measured({ aggregate: 'max' }),
    [...three(), '2026-05-02', level('2026-04-30', 12), '2026-05-10'],
    '2026-05-01 12',
  ],
  [
    'late usage that decides nothing changes nothing',
    measured({ aggregate: 'max' }),
    [...three(), '2026-05-02', level('2026-04-30', 8), '2026-05-10'],
    '2026-05-01 9',
  ],
  [
    'a rule of the period that reads the total: 9 is above 8, so 2 more',
    measured(
      { aggregate: 'max' },
      {
        prices: {
          level: { model: 'per_unit', quantity: 'level', unit_price: 1, aggregate: 'max' },
          fee: { model: 'flat', amount: 2, bill: 'arrears' },
        },
        rules: [
          charge('level'),
          charge('fee', 'fee', { moment: 'period', ...when('total.level', 'greaterThan', 8) }),
          rule('off', 'discount', { percent: 10, of: ['level'] }, { moment: 'period' }),
        ],
      },
    ),
    three(),
    '2026-05-01 10.1',
  ],
];

describe('services/rating/periods: measured prices', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
  });

  const run = (document: Document, steps: readonly (Change | string)[]) =>
    walk(ports, document, { start: '2026-04-01', steps: [...steps, '2026-05-10'] });

  for (const [name, document, steps, expected] of CASES) {
    it(name, async () => {
      assert.equal(await charged(ports, await run(document, steps)), expected);
    });
  }

  it('names the use that decided, and takes it into account that this was taken back', async () => {
    const steps: Change[] = [
      ['2026-04-02', 'use', 'low', { level: '5' }],
      ['2026-04-03', 'use', 'high', { level: '9' }],
    ];
    const account = await run(measured({ aggregate: 'max' }), steps);
    await make(ports, account, ['2026-05-10', 'take back', 'high']);
    await due(ports, account, '2026-05-11');
    assert.equal(await recorded(ports, account), '2026-05-01 9, 2026-05-01 -9, 2026-05-01 5');
    const ratings = await ratingsOfPeriods(ports, account);
    assert.deepEqual(
      ratings.map(({ facts }) => facts.get('decided_by.level')),
      ['high', 'high', 'low'],
    );
    await checkBooks(ports, account);
  });

  it('a subscription since ever is charged for what was used before it was created', async () => {
    publish(ports, measured({ aggregate: 'max' }));
    ports.clock.time += 1n;
    const account = await subscribed(ports, undefined);
    await make(ports, account, level('2026-02-02', 4));
    await due(ports, account, '2026-05-12');
    assert.equal(await charged(ports, account), '2026-03-01 4');
  });

  it('and also where that comes later than the periods after it were charged', async () => {
    publish(ports, measured({ aggregate: 'max' }));
    ports.clock.time += 1n;
    const account = await subscribed(ports, undefined);
    await make(ports, account, level('2026-04-02', 4));
    await due(ports, account, '2026-05-12');
    await make(ports, account, level('2026-02-02', 7));
    await due(ports, account, '2026-05-12');
    assert.equal(await charged(ports, account), '2026-03-01 7, 2026-05-01 4');
    await checkBooks(ports, account);
  });
});
