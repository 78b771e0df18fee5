import assert from 'node:assert/strict';
import { type Rating, EARLY } from '../rating.js';
import { openAccount, openRecording, stamp, told, use } from './recording.js';

describe('retrying what waits for a price', function () {
  this.timeout(20_000);
  let rating: Rating;
  let strategies = 0;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
  });
  after(() => rating.close());

  /** A fresh account on a strategy that is not published yet. */
  const account = async () => {
    const strategy = `later-${++strategies}`;
    await openAccount(rating, strategy);
    const subscription = `accounts/${strategy}/subscriptions/later`;
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: `strategies/${strategy}` },
    });
    return { strategy, to: { account: `accounts/${strategy}`, subscription } };
  };
  const rateAll = async (...usages: ReturnType<typeof use>[]) =>
    (await rating.client.batchRateUsage({ usages })).outcomes.map(told);

  it('never rates a use that was taken back meanwhile', async () => {
    const { strategy, to } = await account();
    const ids = Array.from({ length: 10 }, (_, i) => String(i));
    await rateAll(...ids.map((id) => use(id, '1', to)));
    await rating.publish(strategy, '2', stamp(EARLY));
    const retrying = rating.client.retryUnpriced({ parent: to.account });
    const taken = await Promise.all(
      ids.map((usageId) => rating.client.cancelUsage({ account: to.account, usageId })),
    );
    await retrying;
    // What was rated before it was taken back has a rating that says so.
    const { ratings } = await rating.client.listRatings({ parent: to.account });
    const left = ratings.reduce((sum, { amount }) => sum + Number(amount), 0);
    assert.equal(left, 0);
    assert.equal(ratings.length, 2 * taken.filter(({ reversal }) => reversal !== undefined).length);
  });
});
