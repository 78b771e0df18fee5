import assert from 'node:assert/strict';
import { type Rating, heard } from '../rating.js';
import { openRecording, stamp, told, use } from './recording.js';

/** A unit costs 1.00; the first two uses of an account get half off. */
const WELCOME = `
strategy: welcome
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
prices:
  units: { model: per_unit, quantity: units, unit_price: 1 }
rules:
  - name: units
    event: { type: charge, params: { price: units } }
  - name: welcome
    event: { type: discount, params: { percent: 50, times: 2 } }
`;

describe('a discount that an account gets only so often', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    for (const id of ['welcome', 'welcome-again']) {
      const text = WELCOME.replace('strategy: welcome', `strategy: ${id}`);
      const source = { fileName: `${id}.yaml`, text };
      await rating.catalog.client.publishRevision({ source, effectiveFrom: stamp('2026-01-01T00:00:00Z') });
      await heard(rating.book, () => rating.book.byStrategy.has(id));
    }
    const dearer = { fileName: 'welcome.yaml', text: WELCOME.replace('unit_price: 1', 'unit_price: 2') };
    await rating.catalog.client.publishRevision({
      source: dearer,
      base: 1n,
      effectiveFrom: stamp('2026-04-01T00:00:00Z'),
    });
    await heard(rating.book, () => rating.book.byStrategy.get('welcome')?.length === 2);
  });
  after(() => rating.close());

  let accounts = 0;
  /** An account with two subscriptions to one strategy, and one to another of the same rules. */
  const open = async () => {
    const name = `accounts/welcomed-${++accounts}`;
    await rating.accounts.createAccount({ account: { name, currency: 'USD' } });
    for (const [id, strategy] of [
      ['one', 'welcome'],
      ['two', 'welcome'],
      ['other', 'welcome-again'],
    ])
      await rating.accounts.createSubscription({
        subscription: { name: `${name}/subscriptions/${id}`, strategy: `strategies/${strategy}` },
      });
    let uses = 0;
    return {
      account: name,
      by: (id: string) =>
        use(`u${++uses}`, '10', { account: name, subscription: `${name}/subscriptions/${id}` }),
    };
  };
  const rateAll = async (usages: readonly ReturnType<typeof use>[]) => {
    const { outcomes } = await rating.client.batchRateUsage({ usages: [...usages] });
    return outcomes.map(told).join(', ');
  };

  it('counts all its subscriptions to the strategy together', async () => {
    const { by } = await open();
    assert.equal(await rateAll([by('one')]), 'rated 5');
    assert.equal(await rateAll([by('two')]), 'rated 5');
    assert.equal(await rateAll([by('one')]), 'rated 10');
    assert.equal(await rateAll([by('two')]), 'rated 10');
    assert.equal(await rateAll([by('other')]), 'rated 5');
  });

  it('also within a batch', async () => {
    const { by } = await open();
    const batch = [by('one'), by('two'), by('one'), by('two'), by('other')];
    assert.equal(await rateAll(batch), 'rated 5, rated 5, rated 10, rated 10, rated 5');
    assert.equal(await rateAll([by('one'), by('two')]), 'rated 10, rated 10');
  });

  it('is given back with a use of either, and replays', async () => {
    const { account, by } = await open();
    await rateAll([by('one'), by('two'), by('one')]);
    await rating.client.cancelUsage({ account, usageId: 'u2' });
    assert.equal(await rateAll([by('one'), by('two')]), 'rated 5, rated 10');
    for (const usageId of ['u1', 'u2', 'u3', 'u4', 'u5']) {
      const { agrees } = await rating.client.replayRating({ account, usageId, number: 1n });
      assert.equal(agrees, true);
    }
  });

  it('rating one subscription again leaves what the other has taken', async () => {
    const { account, by } = await open();
    await rateAll([by('one'), by('two')]);
    const span = { from: stamp('2026-02-01T00:00:00Z'), to: stamp('2026-03-01T00:00:00Z') };
    const rerate = (plan = '') =>
      rating.client.rerate({ parent: `${account}/subscriptions/one`, ...span, revision: 2n, plan });
    const { plan, before, after } = await rerate();
    assert.deepEqual([before, after], ['5', '10']);
    await rerate(plan);
    assert.equal(await rateAll([by('one')]), 'rated 10');
  });

  it('rating one subscription again does not take what another has taken in between', async () => {
    const { account, by } = await open();
    await rateAll([by('one'), by('two'), by('one')]);
    const span = { from: stamp('2026-02-01T00:00:00Z'), to: stamp('2026-03-01T00:00:00Z') };
    const rerate = (revision: bigint, plan = '') =>
      rating.client.rerate({ parent: `${account}/subscriptions/one`, ...span, revision, plan });
    const same = await rerate(1n);
    assert.deepEqual([same.before, same.after, same.differences], ['15', '15', []]);
    const { plan, before, after } = await rerate(2n);
    assert.deepEqual([before, after], ['15', '30']);
    await rerate(2n, plan);
    assert.deepEqual((await rerate(2n)).differences, []);
    assert.equal(await rateAll([by('two')]), 'rated 10');
    await rating.client.cancelUsage({ account, usageId: 'u2' });
    assert.equal(await rateAll([by('one'), by('two')]), 'rated 5, rated 10');
  });
});
