import assert from 'node:assert/strict';
import type { Rating } from '../rating.js';
import { openRecording, stamp, told, use } from './recording.js';

/** Each first hour of a day at 2.00, the others at 1.00, half of it from 22 on. */
const STAYS = `
strategy: stays
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, lasts: hour }
prices:
  stay:
    model: graduated
    quantity: units
    resets: day
    tiers: [ { up_to: 1, unit_price: 2 }, { unit_price: 1 } ]
rules:
  - name: stay
    event: { type: charge, params: { price: stay } }
  - name: night
    conditions: { all: [ { fact: local_hour, operator: greaterThanInclusive, value: 22 } ] }
    event: { type: discount, params: { percent: 50 } }
`;

describe('recording a use that lasts', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    await rating.catalog.client.publishRevision({
      source: { fileName: 'stays.yaml', text: STAYS },
      effectiveFrom: stamp('2026-01-01T00:00:00Z'),
    });
    await rating.accounts.createSubscription({
      subscription: { name: 'accounts/acme/subscriptions/stays', strategy: 'strategies/stays' },
    });
  });
  after(() => rating.close());

  const to = { subscription: 'accounts/acme/subscriptions/stays' };
  const stay = (id: string, units: string, at: string) =>
    use(id, units, { ...to, occurredAt: stamp(`2026-02-${at}:00:00Z`) });
  const record = async (...of: Parameters<typeof stay>) =>
    told((await rating.client.rateUsage({ usage: stay(...of) })).outcome);

  it('counts it in every window that it runs through', async () => {
    // 21 to 22 at 2, 22 to 24 at 1 and half of it; then a new day: 2 + 1.
    assert.equal(await record('over midnight', '5', '10T21'), 'rated 6');
    assert.equal(await record('the day before', '1', '10T12'), 'rated 1');
    assert.equal(await record('the day after', '1', '11T12'), 'rated 1');
  });

  it('computes it again, and takes it back', async () => {
    const key = { account: 'accounts/acme', usageId: 'over midnight' };
    const { agrees } = await rating.client.replayRating({ ...key, number: 1n });
    assert.equal(agrees, true);
    // One hour stays on each day. It was a later one when it was rated, and is the first one now.
    assert.equal((await rating.client.cancelUsage(key)).reversal?.amount, '-4');
    assert.equal(await record('again', '5', '10T21'), 'rated 4');
  });
});
