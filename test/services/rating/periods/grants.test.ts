import assert from 'node:assert/strict';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { runHolds } from '../../../../src/services/rating/holds/run-holds.js';
import { fromDocument } from '../../../../src/services/rating/recording/rating-document.js';
import { findWalletsOf } from '../../../../src/services/rating/wallets/wallet-store.js';
import { formatInstant } from '../../../../src/time/instant.js';
import { type Document, charge, rule, when } from '../../../quote/priced.js';
import { type Change, type Periods, instantOf, openPeriods, publish, subscribed, walk } from './periods.js';

const period = { moment: 'period' };

/** Calls at 0.10; each month gives 1,000 of them, or what `params` say. */
const including = (params: Document = { units: 1000, of: ['call'] }, more: Document = {}): Document => ({
  facts: {
    calls: { type: 'integer', unit: 'call', default: 0 },
    'subscription.included': { type: 'integer', default: 0 },
    'subscription.bonus': { type: 'integer', optional: true },
  },
  prices: {
    call: { model: 'per_unit', quantity: 'calls', unit_price: 0.1 },
    fee: { model: 'flat', amount: 49 },
  },
  rules: [charge('call'), rule('included calls', 'grant', params, { ...period, ...more })],
});

type Case = readonly [
  name: string,
  document: Document,
  start: string,
  steps: readonly (Change | string)[],
  /** What is in wallets after them: `UNIT LEFT until EXPIRY`. */
  expected: string,
];

const prepaid = { prepaid: true };
const calls = (at: string, number: number): Change => [at, 'use', `u ${at}`, { calls: `${number}` }];

const CASES: readonly Case[] = [
  ['from the start of a period', including(), '2026-04-01', ['2026-04-01'], 'call 1000 until 2026-05-01'],
  ['not before it', including(), '2026-04-01', ['2026-03-31'], ''],
  [
    'once, however often one looks',
    including(),
    '2026-04-01',
    ['2026-04-01', '2026-04-02', '2026-04-20'],
    'call 1000 until 2026-05-01',
  ],
  [
    'whole where it begins inside a period',
    including(),
    '2026-04-21',
    ['2026-04-30'],
    'call 1000 until 2026-05-01',
  ],
  [
    'what is left of the month before is gone',
    including(),
    '2026-04-01',
    ['2026-04-01', calls('2026-04-10', 400), '2026-05-01'],
    'call 1000 until 2026-06-01',
  ],
  [
    'for the first use, also before anything has looked',
    including(),
    '2026-04-01',
    [calls('2026-04-10', 400)],
    'call 600 until 2026-05-01',
  ],
  ['used up', including(), '2026-04-01', ['2026-04-01', calls('2026-04-10', 1000)], ''],
  [
    'rolled over: 600 stay beside the next 1,000',
    including({ units: 1000, of: ['call'], roll_over: true }),
    '2026-04-01',
    ['2026-04-01', calls('2026-04-10', 400), '2026-05-01'],
    'call 600, call 1000',
  ],
  [
    'for 45 days from the start of the period',
    including({ units: 1000, of: ['call'], expires: 'P45D' }),
    '2026-04-01',
    ['2026-04-01', '2026-05-01'],
    'call 1000 until 2026-05-16, call 1000 until 2026-06-15',
  ],
  [
    'rolled over for so long and no longer',
    including({ units: 1000, of: ['call'], expires: 'P2M', roll_over: true }),
    '2026-04-01',
    ['2026-04-01'],
    'call 1000 until 2026-06-01',
  ],
  [
    'money',
    including({ amount: 20, of: ['call'] }),
    '2026-04-01',
    ['2026-04-01', calls('2026-04-10', 50)],
    'USD 15 until 2026-05-01',
  ],
  [
    'as much as the facts at its start say',
    including({ units: { fact: 'subscription.included' }, of: ['call'] }),
    '2026-04-01',
    [
      ['2026-04-01', 'set', { included: '70' }],
      '2026-04-01',
      ['2026-04-02', 'set', { included: '90' }],
      '2026-04-03',
    ],
    'call 70 until 2026-05-01',
  ],
  [
    'nothing where a rule does not match',
    including(undefined, when('subscription.included', 'greaterThan', 0)),
    '2026-04-01',
    ['2026-04-02'],
    '',
  ],
  [
    'a missing fact is waited for',
    including({ units: { fact: 'subscription.bonus' }, of: ['call'] }),
    '2026-04-01',
    ['2026-04-02', ['2026-04-01', 'set', { bonus: '5' }], '2026-04-03'],
    'call 5 until 2026-05-01',
  ],
  [
    'not taken back by an end',
    including(),
    '2026-04-01',
    ['2026-04-01', ['2026-04-10', 'end'], '2026-04-20'],
    'call 1000 until 2026-05-01',
  ],
  [
    'nor given again after it',
    including({ units: 1000, of: ['call'], roll_over: true }),
    '2026-04-01',
    ['2026-04-01', ['2026-04-10', 'end'], '2026-06-02'],
    'call 1000',
  ],
  [
    'late: what has expired by now is not given',
    including(),
    '2026-01-15',
    ['2026-04-02'],
    'call 1000 until 2026-05-01',
  ],
];

describe('services/rating/periods: what periods give', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
  });

  type Steps = { readonly steps: Case[3]; readonly more?: Parameters<typeof walk>[2]['more'] };
  const run = (document: Document, start: string, { steps, more = prepaid }: Steps) => {
    ports.clock.time = 0n;
    return walk(ports, document, { start, steps, more });
  };

  const walletsOf = async (account: string) => {
    const wallets = await findWalletsOf(ports.store, [account]);
    return wallets
      .flatMap(({ unit, grants, owed }) => [
        ...grants.map(({ remaining, expiresAt }) => {
          const until = expiresAt === undefined ? '' : ` until ${formatInstant(expiresAt).slice(0, 10)}`;
          return `${unit} ${formatDecimal(remaining)}${until}`;
        }),
        ...(formatDecimal(owed) === '0' ? [] : [`${unit} -${formatDecimal(owed)}`]),
      ])
      .join(', ');
  };

  for (const [name, document, start, steps, expected] of CASES) {
    it(name, async () => {
      assert.equal(await walletsOf(await run(document, start, { steps })), expected);
    });
  }

  it('nothing in a trial, and whole from its end on', async () => {
    const more = { ...prepaid, trialEndsAt: instantOf('2026-04-15') };
    assert.equal(await walletsOf(await run(including(), '2026-04-01', { steps: ['2026-04-14'], more })), '');
    const later = await run(including(), '2026-04-01', { steps: ['2026-04-14', '2026-04-15'], more });
    assert.equal(await walletsOf(later), 'call 1000 until 2026-05-01');
  });

  it("by the subscription's own months where its prices go by them", async () => {
    const { rules, ...document } = including();
    const own = {
      ...document,
      prices: {
        call: { model: 'per_unit', quantity: 'calls', unit_price: 0.1 },
        fee: { model: 'flat', amount: 49, anchor: 'subscription' },
      },
      rules: [...(rules as Document[]), charge('fee', 'fee', period)],
    };
    const account = await run(own, '2026-04-10', { steps: ['2026-04-10'] });
    assert.equal(await walletsOf(account), 'call 1000 until 2026-05-10');
  });

  it('on a postpaid subscription too, whose own uses are charged all the same', async () => {
    const steps = ['2026-04-01', calls('2026-04-10', 400)];
    const account = await run(including(), '2026-04-01', { steps, more: {} });
    assert.equal(await walletsOf(account), 'call 1000 until 2026-05-01');
    const [use] = (await ports.store.ratings.find({ account }).toArray()).map(fromDocument);
    assert.equal(use && formatDecimal(use.amount), '40');
  });

  it('is there to be held before anything has looked', async () => {
    ports.clock.time = instantOf('2026-04-10');
    publish(ports, including());
    const account = await subscribed(ports, '2026-04-01', {}, prepaid);
    const target = { kind: 'subscription', id: 'main' } as const;
    const given = new Map([['calls', { kind: 'text', text: '400' } as const]]);
    const occurredAt = ports.clock.time;
    const usage = { account, usageId: '', target, occurredAt, given, fingerprint: '' };
    const key = { account, holdId: 'h' };
    const request = { kind: 'reserve', key, usage, expiresAt: undefined, fingerprint: '' } as const;
    const [answer] = await runHolds(account, [request], ports, new Map());
    assert.ok(answer !== undefined && 'hold' in answer);
    assert.deepEqual(
      answer.hold.parts.map(({ unit, amount }) => `${formatDecimal(amount)} ${unit}`),
      ['400 call'],
    );
  });

  it('is a present in the books, also when it expires', async () => {
    const account = await run(including(), '2026-04-01', { steps: ['2026-04-01', '2026-05-01'] });
    const postings = await ports.store.postings.find({ account }).sort({ _id: 1 }).toArray();
    assert.deepEqual(
      postings.map(({ reason, entries }) => `${reason} ${entries[1]?.book ?? ''}`),
      ['grant presents', 'grant presents', 'expiry presents'],
    );
  });
});
