import assert from 'node:assert/strict';
import { toBinary } from '@bufbuild/protobuf';
import { ListUnpricedResponseSchema } from '../../../../src/gen/ratebook/v1/rate_pb.js';
import { type Rating, EARLY, heard } from '../rating.js';
import { TOKENS, openAccount, openRecording, stamp, told, use } from './recording.js';

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

  it('goes on after what still has no price, page by page', async () => {
    const { to } = await account();
    const subscription = `${to.account}/subscriptions/main`;
    await rateAll(...['1', '2', '3'].map((id) => use(id, '1', { ...to, subscription }, { kind: 'odd' })));
    const early = stamp('2025-12-31T12:00:00Z');
    await rateAll(use('4', '1', { ...to, subscription, occurredAt: early }));
    await rating.catalog.client.publishRevision({
      source: { fileName: 'tokens.yaml', text: TOKENS },
      effectiveFrom: stamp('2025-12-01T00:00:00Z'),
    });
    await heard(rating.book, () => rating.book.byStrategy.get('tokens')?.length === 2);
    const pages: string[][] = [];
    let pageToken = '';
    do {
      const page = await rating.client.retryUnpriced({ parent: to.account, limit: 2, pageToken });
      pages.push(page.outcomes.map(told));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(pages, [
      ['unpriced NO_PRICE', 'unpriced NO_PRICE'],
      ['unpriced NO_PRICE', 'rated 1'],
    ]);
  });

  it('is what a use without a rating is told to wait for', async () => {
    const { strategy, to } = await account();
    await rateAll(use('1', '1', to));
    const key = { account: to.account, usageId: '1' };
    const message = new RegExp(
      `^"1" of ${to.account} is recorded and .* because: No revision of ${strategy} was in`,
    );
    await assert.rejects(rating.client.getRating(key), { reason: 'USAGE_NOT_FOUND', message });
    await assert.rejects(rating.client.replayRating(key), { reason: 'USAGE_NOT_FOUND', message });
  });

  it('lists large uses on pages that clients take', async () => {
    const { to } = await account();
    const ids = Array.from({ length: 9 }, (_, i) => String(i));
    const colour = 'x'.repeat(500 * 1024);
    for (const id of ids) await rateAll(use(id, '1', to, { colour }));
    const found: (string | undefined)[] = [];
    let pageToken = '';
    do {
      const page = await rating.client.listUnpriced({ parent: to.account, pageToken });
      assert.ok(toBinary(ListUnpricedResponseSchema, page).length < 4 * 1024 * 1024);
      found.push(...page.usages.map(({ usage }) => usage?.usageId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(found, ids);
    assert.deepEqual(await rateAll(use('more', '1', to, { colour, size: 'x'.repeat(12 * 1024) })), [
      'rejected INVALID_REQUEST',
    ]);
  });

  it('keeps when a use was recorded, and notes why it waits now', async () => {
    const { strategy, to } = await account();
    await rateAll(use('1', '1', { ...to, occurredAt: stamp('2026-01-10T00:00:00Z') }));
    const waiting = async () => (await rating.client.listUnpriced({ parent: to.account })).usages;
    const [before] = await waiting();
    const text = TOKENS.replace('strategy: tokens', `strategy: ${strategy}`);
    await rating.catalog.client.publishRevision({
      source: {
        fileName: 'later.yaml',
        text: text.replace('operator: equal, value: plain', 'operator: equal, value: odd'),
      },
      effectiveFrom: stamp(EARLY),
    });
    const { outcomes } = await rating.client.retryUnpriced({ parent: to.account });
    const [after] = await waiting();
    assert.deepEqual(outcomes.map(told), ['unpriced NO_PRICE']);
    assert.deepEqual(outcomes[0]?.outcome.value, after);
    assert.deepEqual({ ...after, reason: before?.reason }, before);
  });
});
