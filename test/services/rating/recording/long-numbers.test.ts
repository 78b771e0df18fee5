import assert from 'node:assert/strict';
import { type Rating, heard } from '../rating.js';
import { prepaid } from '../wallets/prepaid.js';
import { openAccount, openRecording, stamp, told, use } from './recording.js';

const MOST = '9999999999999999.999999999999999999';

/** A price of 10^-18 for each unit, so that amounts have up to 36 places. */
const FINE = `
strategy: fine
currency: USD
time_zone: UTC
facts: { units: { type: decimal, billable: true } }
prices: { units: { model: per_unit, quantity: units, unit_price: 0.000000000000000001 } }
rules: [ { name: units, event: { type: charge, params: { price: units } } } ]
`;

const WHOLE = FINE.replace('fine', 'whole')
  .replace('0.000000000000000001', '1')
  .replace('time_zone: UTC', 'time_zone: UTC\nperiod: month');

describe('recording numbers of many digits', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    for (const [fileName, text] of Object.entries({ 'fine.yaml': FINE, 'whole.yaml': WHOLE })) {
      const source = { fileName, text };
      await rating.catalog.client.publishRevision({ source, effectiveFrom: stamp('2026-01-01T00:00:00Z') });
    }
    await heard(rating.book, () => ['fine', 'whole'].every((id) => rating.book.byStrategy.has(id)));
  });
  after(() => rating.close());

  const account = async (id: string) => {
    await openAccount(rating, id);
    const subscription = `accounts/${id}/subscriptions/fine`;
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: 'strategies/fine' },
    });
    return { account: `accounts/${id}`, subscription };
  };
  const rateAll = async (to: { account: string }, ...units: string[]) => {
    const usages = units.map((quantity, i) => use(String(i), quantity, to));
    return (await rating.client.batchRateUsage({ usages })).outcomes.map(told);
  };

  it('rejects the use that makes a running total too long to be stored, and no other', async () => {
    assert.deepEqual(await rateAll(await account('total'), MOST, '1.1', '0.000000000000000001'), [
      'rated 0.009999999999999999999999999999999999',
      'rejected INVALID_FACTS',
      'rated 0.000000000000000000000000000000000001',
    ]);
  });

  it('takes back what it could record', async () => {
    const to = await account('back');
    await rateAll(to, MOST);
    const { reversal } = await rating.client.cancelUsage({ account: to.account, usageId: '0' });
    assert.equal(reversal?.amount, '-0.009999999999999999999999999999999999');
  });

  it('refuses a use by which the spending of a month grows too long to be stored', async () => {
    const one = await prepaid(rating);
    const subscription = `${one.name}/subscriptions/whole`;
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: 'strategies/whole', prepaid: true },
    });
    await one.wallet('main');
    const to = { account: one.name, subscription };
    await one.grant('a', MOST);
    assert.deepEqual(await rateAll(to, MOST), [`rated ${MOST}`]);
    await one.grant('b', MOST);
    const january = { ...to, occurredAt: stamp('2026-01-10T00:00:00Z') };
    const { outcomes } = await rating.client.batchRateUsage({
      usages: [use('1', MOST, january), use('2', '0.000000000000000001', january)],
    });
    assert.deepEqual(outcomes.map(told), ['rejected INVALID_FACTS', 'rated 0.000000000000000001']);
  });
});
