import assert from 'node:assert/strict';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FactValueSchema } from '../../src/gen/ratebook/v1/fact_pb.js';
import type { Statement } from '../../src/gen/ratebook/v1/statement_pb.js';
import { at } from '../services/catalog/catalog.js';
import { stamp, told } from '../services/rating/recording/recording.js';
import { type Rating, openRating } from '../services/rating/rating.js';

/** A plan and seats by the month in advance, calls by tiers. `pro` and `call` are what a second revision changes. */
const cloud = (pro: string, call: string) => `
strategy: cloud
currency: USD
time_zone: UTC
period: month
facts:
  calls: { type: integer, unit: call, billable: true }
  subscription.plan: { type: string, one_of: [ basic, pro ], default: basic }
  subscription.seats: { type: integer, default: 0 }
  subscription.trial: { type: boolean, default: false }
prices:
  basic: { model: flat, amount: 31, prorate: days, bill: advance }
  pro: { model: flat, amount: ${pro}, prorate: days, bill: advance }
  seat: { model: per_unit, quantity: subscription.seats, unit_price: 15.50, prorate: days, bill: advance }
  call: { model: graduated, quantity: calls, tiers: [ { up_to: 1000, unit_price: ${call} }, { unit_price: 0.01 } ] }
rules:
  - name: calls
    event: { type: charge, params: { line: calls, price: call } }
  - name: free in the trial
    conditions: { all: [ { fact: subscription.trial, operator: equal, value: true } ] }
    event: { type: discount, params: { percent: 100 } }
  - name: basic
    moment: period
    conditions: { all: [ { fact: subscription.plan, operator: equal, value: basic } ] }
    event: { type: charge, params: { line: plan, price: basic } }
  - name: pro
    moment: period
    conditions: { all: [ { fact: subscription.plan, operator: equal, value: pro } ] }
    event: { type: charge, params: { line: plan, price: pro } }
  - name: seats
    moment: period
    conditions: { all: [ { fact: subscription.seats, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { line: seats, price: seat } }
`;

/** Messages by the pack; those that no pack covers cost 0.05. */
const SMS = `
strategy: sms
currency: USD
time_zone: UTC
period: month
facts:
  messages: { type: integer, unit: message, billable: true, optional: true }
  packs: { type: integer, optional: true }
derive: { given: { product: [ packs, 1000 ] } }
prices:
  message: { model: per_unit, quantity: messages, unit_price: 0.05 }
  pack: { model: per_unit, quantity: packs, unit_price: 15, resets: each }
rules:
  - name: messages
    event: { type: charge, params: { price: message } }
  - name: packs
    moment: purchase
    event: { type: charge, params: { price: pack } }
  - name: messages of a pack
    moment: purchase
    event: { type: grant, params: { units: { fact: given }, of: [ message ] } }
`;

const MAIN = 'accounts/acme/subscriptions/main';
const TEXTS = 'accounts/acme/subscriptions/texts';
const text = (value: string): MessageInitShape<typeof FactValueSchema> => ({
  kind: { case: 'textValue', value },
});

/** One account through 2026. Every test goes on from the one before; every figure is worked out beside it. */
describe('scenario: a year of one account', function () {
  this.timeout(30_000);
  let rating: Rating;
  const now = (instant: string) => {
    rating.catalog.clock.time = at(instant);
  };
  const publish = (fileName: string, document: string, effectiveFrom: string) =>
    rating.catalog.client.publishRevision({
      source: { fileName, text: document },
      effectiveFrom: stamp(effectiveFrom),
    });
  const usage = (usageId: string, calls: number, instant: string) => ({
    account: 'accounts/acme',
    usageId,
    subscription: MAIN,
    occurredAt: stamp(instant),
    facts: { calls: text(String(calls)) },
  });
  const use = async (usageId: string, calls: number, instant: string) =>
    told((await rating.client.rateUsage({ usage: usage(usageId, calls, instant) })).outcome);
  const set = (name: string, value: string, from: string) =>
    rating.accounts.setSubscriptionAttributes({
      name: MAIN,
      change: { from: stamp(from), values: { [name]: text(value) } },
    });
  const close = async (parent: string, upTo: string) =>
    (await rating.client.closeStatement({ parent, upTo: stamp(upTo) })).statement;
  /** `2026-01 plan 8` for each line and month, in the order of the bill; `amount` of all. */
  const shown = (statement: Statement | undefined) => {
    const sums = new Map<string, number>();
    for (const { line, periodStart, amount } of statement?.lines ?? []) {
      const month = new Date(Number(periodStart?.seconds ?? 0n) * 1_000).toISOString().slice(0, 7);
      const key = `${month} ${line}`;
      sums.set(key, (sums.get(key) ?? 0) + Number(amount));
    }
    return { amount: statement?.amount, lines: [...sums].map(([key, sum]) => `${key} ${sum}`) };
  };

  before(async function () {
    this.timeout(120_000);
    rating = await openRating();
    now('2026-01-01T00:00:00Z');
    await publish('cloud.yaml', cloud('62', '0.02'), '2025-01-01T00:00:00Z');
    await publish('sms.yaml', SMS, '2025-01-01T00:00:00Z');
  });
  after(() => rating.close());

  it('January: a trial of fourteen days, then eight days of the plan', async () => {
    now('2026-01-10T00:00:00Z');
    await rating.accounts.createAccount({ account: { name: 'accounts/acme', currency: 'USD' } });
    await rating.accounts.createSubscription({
      subscription: {
        name: MAIN,
        strategy: 'strategies/cloud',
        startsAt: stamp('2026-01-10T00:00:00Z'),
        trialEndsAt: stamp('2026-01-24T00:00:00Z'),
        attributes: [{ values: { seats: text('2') } }],
      },
    });
    now('2026-01-20T13:00:00Z');
    // 500 × 0.02, all of it taken off in the trial
    assert.equal(await use('january', 500, '2026-01-20T12:00:00Z'), 'rated 0');
    now('2026-02-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-02-01T00:00:00Z')), {
      amount: '78',
      lines: [
        '2026-01 calls 0',
        // 24 to 31 January: 31 × 8 ÷ 31, and 2 seats × 15.50 × 8 ÷ 31
        '2026-01 plan 8',
        '2026-01 seats 8',
        // February in advance: 31, and 2 × 15.50
        '2026-02 plan 31',
        '2026-02 seats 31',
      ],
    });
  });

  it('February: tiers', async () => {
    now('2026-02-10T13:00:00Z');
    // 1,000 × 0.02 + 500 × 0.01
    assert.equal(await use('february', 1500, '2026-02-10T12:00:00Z'), 'rated 25');
    now('2026-03-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-03-01T00:00:00Z')), {
      amount: '87',
      lines: ['2026-02 calls 25', '2026-03 plan 31', '2026-03 seats 31'],
    });
  });

  it('March: an upgrade in the middle', async () => {
    now('2026-03-05T13:00:00Z');
    // 200 × 0.02: a new month begins with the first tier
    assert.equal(await use('march', 200, '2026-03-05T12:00:00Z'), 'rated 4');
    now('2026-03-15T12:00:00Z');
    await set('plan', 'pro', '2026-03-16T00:00:00Z');
    now('2026-04-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-04-01T00:00:00Z')), {
      amount: '113',
      lines: [
        '2026-03 calls 4',
        // −31 + 31 × 15 ÷ 31 + 62 × 16 ÷ 31; the seats cost the same in two pieces
        '2026-03 plan 16',
        '2026-03 seats 0',
        // April: 62, and 2 × 15.50
        '2026-04 plan 62',
        '2026-04 seats 31',
      ],
    });
  });

  it('April: a seat more', async () => {
    now('2026-04-15T12:00:00Z');
    await set('seats', '3', '2026-04-16T00:00:00Z');
    now('2026-05-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-05-01T00:00:00Z')), {
      amount: '116.25',
      lines: [
        '2026-04 plan 0',
        // −31 + 31 × 15 ÷ 30 + 46.50 × 15 ÷ 30
        '2026-04 seats 7.75',
        '2026-05 plan 62',
        '2026-05 seats 46.5',
      ],
    });
  });

  it('May: prices change in the middle', async () => {
    now('2026-05-10T13:00:00Z');
    await publish('cloud.yaml', cloud('77.50', '0.03'), '2026-05-16T00:00:00Z');
    // 100 × 0.02
    assert.equal(await use('may-1', 100, '2026-05-10T12:00:00Z'), 'rated 2');
    now('2026-05-20T13:00:00Z');
    // 100 × 0.03, after the change
    assert.equal(await use('may-2', 100, '2026-05-20T12:00:00Z'), 'rated 3');
    now('2026-06-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-06-01T00:00:00Z')), {
      amount: '129',
      // 2 + 3; May was charged in advance by the old price, June is by the new one: 77.50, and 3 × 15.50
      lines: ['2026-05 calls 5', '2026-06 plan 77.5', '2026-06 seats 46.5'],
    });
  });

  it('June: usage of May comes late, and some of it was wrong', async () => {
    now('2026-06-05T12:00:00Z');
    // 50 × 0.03 of 31 May
    assert.equal(await use('may-3', 50, '2026-05-31T23:00:00Z'), 'rated 1.5');
    // 150 instead of 100: −100 × 0.03 + 150 × 0.03
    const amended = await rating.client.amendUsage({ usage: usage('may-2', 150, '2026-05-20T12:00:00Z') });
    assert.deepEqual([amended.reversal?.amount, amended.rating?.amount], ['-3', '4.5']);
    now('2026-06-10T13:00:00Z');
    // 1,000 × 0.03 + 200 × 0.01
    assert.equal(await use('june', 1200, '2026-06-10T12:00:00Z'), 'rated 32');
    now('2026-07-01T00:10:00Z');
    assert.deepEqual(shown(await close(MAIN, '2026-07-01T00:00:00Z')), {
      amount: '159',
      // 1.50 − 3 + 4.50 of May; July: 77.50, and 3 × 15.50
      lines: ['2026-05 calls 3', '2026-06 calls 32', '2026-07 plan 77.5', '2026-07 seats 46.5'],
    });
  });

  it('July: it ends after sixteen days, and the rest is credited', async () => {
    now('2026-07-12T12:00:00Z');
    await rating.accounts.endSubscription({ name: MAIN, endsAt: stamp('2026-07-17T00:00:00Z') });
    now('2026-08-01T00:10:00Z');
    assert.equal(await use('too-late', 1, '2026-07-17T00:00:00Z'), 'rejected NOT_LIVE');
    assert.deepEqual(shown(await close(MAIN, '2026-08-01T00:00:00Z')), {
      amount: '-60',
      // −77.50 + 77.50 × 16 ÷ 31, and −46.50 + 46.50 × 16 ÷ 31
      lines: ['2026-07 plan -37.5', '2026-07 seats -22.5'],
    });
  });

  it('autumn: packs of messages, and a top-up for what they do not cover', async () => {
    now('2026-09-05T12:00:00Z');
    await rating.accounts.createSubscription({
      subscription: {
        name: TEXTS,
        strategy: 'strategies/sms',
        startsAt: stamp('2026-09-01T00:00:00Z'),
        prepaid: true,
      },
    });
    // 2 packs × 15
    const { order } = await rating.client.purchase({
      purchaseId: 'packs',
      subscription: TEXTS,
      facts: { packs: text('2') },
    });
    assert.equal(order?.price?.amount, '30');
    await rating.client.confirmPurchase({ account: 'accounts/acme', purchaseId: 'packs', payment: 'card-1' });
    const send = async (usageId: string, messages: number, instant: string) => {
      const sent = { ...usage(usageId, 0, instant), subscription: TEXTS };
      const facts = { messages: text(String(messages)) };
      return told((await rating.client.rateUsage({ usage: { ...sent, facts } })).outcome);
    };
    now('2026-09-20T12:00:00Z');
    // 1,500 of the 2,000
    assert.equal(await send('texts-1', 1500, '2026-09-20T11:00:00Z'), 'rated 0');
    now('2026-10-03T12:00:00Z');
    // 500 are left; 200 × 0.05 are not there
    assert.equal(await send('texts-2', 700, '2026-10-03T11:00:00Z'), 'rejected BALANCE_TOO_LOW');
    await rating.accounts.createWallet({ wallet: { name: 'accounts/acme/wallets/money', unit: 'USD' } });
    await rating.accounts.grantCredit({
      grant: { reference: 'card-2', wallet: 'accounts/acme/wallets/money', amount: '25' },
      paid: true,
    });
    assert.equal(await send('texts-2', 700, '2026-10-03T11:00:00Z'), 'rated 10');
    const { wallets } = await rating.accounts.listWallets({ parent: 'accounts/acme' });
    // 2,000 − 1,500 − 500 messages; 25 − 10
    assert.deepEqual(
      wallets.map(({ unit, balance }) => `${balance} ${unit}`),
      ['0 message', '15 USD'],
    );
    now('2026-11-01T00:10:00Z');
    const statement = await close(TEXTS, '2026-11-01T00:00:00Z');
    assert.deepEqual(
      { ...shown(statement), settled: statement?.settled },
      // the card has paid for the packs, the wallet for the messages; what the packs cover is on no bill
      { amount: '40', lines: ['2026-09 pack 30', '2026-10 message 10'], settled: '40' },
    );
  });

  it('December: nothing is left to bill, and every rating comes out again as it is stored', async () => {
    now('2026-12-31T12:00:00Z');
    assert.equal(await close(MAIN, '2026-12-01T00:00:00Z'), undefined);
    const { statements } = await rating.client.listStatements({ parent: MAIN });
    const total = statements.reduce((sum, { amount }) => sum + Number(amount), 0);
    // 78 + 87 + 113 + 116.25 + 129 + 159 − 60
    assert.equal(total, 622.25);
    const { ratings } = await rating.client.listRatings({ parent: 'accounts/acme', pageSize: 1000 });
    assert.equal(
      ratings
        .filter(({ subscription }) => subscription === MAIN)
        .reduce((sum, one) => sum + Number(one.amount), 0),
      622.25,
    );
    for (const { account, usageId, number } of ratings) {
      const { agrees } = await rating.client.replayRating({ account, usageId, number });
      assert.ok(agrees, `${usageId} ${number}`);
    }
  });
});
