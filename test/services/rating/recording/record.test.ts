import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { create } from '@bufbuild/protobuf';
import {
  type RecordedUsage,
  RecordedUsageSchema,
  type UsageOutcome,
} from '../../../../src/gen/ratebook/v1/rate_pb.js';
import { recordMessages } from '../../../../src/services/rating/recording/record-messages.js';
import type { Rating } from '../rating.js';
import { freshAccount, openRecording, stamp, told, use } from './recording.js';

type Use = ReturnType<typeof use>;

describe('recording usage', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
  });
  after(() => rating.close());

  const account = () => freshAccount(rating);
  const rate = async (usage: Use) => told((await rating.client.rateUsage({ usage })).outcome);
  const rateAll = async (...usages: Use[]) =>
    (await rating.client.batchRateUsage({ usages })).outcomes.map(told);

  it('counts on from use to use, and answers a repeat with what is stored', async () => {
    const to = await account();
    assert.equal(await rate(use('1', '8', to)), 'rated 8');
    assert.equal(await rate(use('2', '4', to)), 'rated 3');
    assert.equal(await rate(use('1', '8', to)), 'duplicate 8');
    assert.equal(await rate(use('3', '2', to)), 'rated 1');
  });

  it('counts late usage in the window in which it happened', async () => {
    const to = await account();
    const january = { ...to, occurredAt: stamp('2026-01-31T23:59:59.999Z') };
    assert.equal(await rate(use('1', '10', to)), 'rated 10');
    assert.equal(await rate(use('2', '10', january)), 'rated 10');
    assert.equal(await rate(use('3', '2', january)), 'rated 1');
    assert.equal(await rate(use('4', '2', { ...to, occurredAt: stamp('2026-02-01T00:00:00Z') })), 'rated 1');
  });

  it('gives each use of a batch its own outcome, doubles inside it too', async () => {
    const to = await account();
    const outcomes = await rateAll(
      use('1', '9', to),
      use('2', '2', to),
      use('1', '9', to),
      use('1', '8', to),
      use('3', '1', to, { kind: 'odd' }),
      use('4', '1', to, { kind: 'banned' }),
      use('5', 'many', to),
      use('6', '2', to),
      use('3', '1', to, { kind: 'odd' }),
    );
    assert.deepEqual(outcomes, [
      'rated 9',
      'rated 1.5',
      'duplicate 9',
      'rejected USAGE_ID_REUSED',
      'unpriced NO_PRICE',
      'rejected REJECTED',
      'rejected INVALID_FACTS',
      'rated 1',
      'unpriced NO_PRICE',
    ]);
  });

  it('stores each use of a batch once that goes to the database in several parts', async () => {
    const to = await account();
    const usages = Array.from({ length: 300 }, (_, i) => use(`${i}`, '1', to));
    assert.deepEqual((await rateAll(...usages)).slice(8, 12), [
      'rated 1',
      'rated 1',
      'rated 0.5',
      'rated 0.5',
    ]);
    const { ratings } = await rating.client.listRatings({ parent: to.account, pageSize: 1000 });
    assert.deepEqual(
      ratings.map(({ usageId }) => usageId),
      usages.map(({ usageId }) => usageId),
    );
    assert.deepEqual(new Set(await rateAll(...usages)), new Set(['duplicate 1', 'duplicate 0.5']));
  });

  it('finds the subscription of a strategy where there is only one', async () => {
    const { account: name } = await account();
    const to = { account: name, subscription: '', strategy: 'strategies/tokens' };
    assert.equal(await rate(use('1', '1', to)), 'rated 1');
    await rating.accounts.createSubscription({
      subscription: { name: `${name}/subscriptions/second`, strategy: 'strategies/tokens' },
    });
    assert.equal(await rate(use('2', '1', to)), 'rejected SUBSCRIPTION_NOT_FOUND');
    assert.equal(
      await rate(use('2', '1', { ...to, subscription: `${name}/subscriptions/second` })),
      'rated 1',
    );
  });

  const REFUSED: readonly (readonly [what: string, reason: string, usage: Use])[] = [
    ['an id as only Ratebook gives them', 'INVALID_REQUEST', use('ratebook:period:main', '1')],
    [
      'an unknown account',
      'ACCOUNT_NOT_FOUND',
      use('1', '1', { account: 'accounts/nobody', subscription: 'accounts/nobody/subscriptions/main' }),
    ],
    [
      'an unknown subscription',
      'SUBSCRIPTION_NOT_FOUND',
      use('1', '1', { subscription: 'accounts/acme/subscriptions/none' }),
    ],
    [
      'a subscription of another account',
      'INVALID_REQUEST',
      use('1', '1', { subscription: 'accounts/other/subscriptions/main' }),
    ],
    ['neither subscription nor strategy', 'INVALID_REQUEST', use('1', '1', { subscription: '' })],
    ['no usage id', 'INVALID_REQUEST', use('', '1')],
    ['a usage id of 257 characters', 'INVALID_REQUEST', use('x'.repeat(257), '1')],
    ['no instant', 'INVALID_REQUEST', use('1', '1', { occurredAt: undefined })],
    [
      'an instant in the future',
      'INVALID_REQUEST',
      use('1', '1', { occurredAt: stamp('2026-03-01T00:00:03Z') }),
    ],
    ['an unknown fact', 'INVALID_FACTS', use('1', '1', {}, { colour: 'red' })],
    ['a fact of the account', 'INVALID_FACTS', use('1', '1', {}, { 'account.id': 'other' })],
    ['40 digits', 'INVALID_FACTS', use('1', '1'.repeat(40))],
  ];
  for (const [what, reason, usage] of REFUSED) {
    it(`rejects ${what}`, async () => {
      assert.equal(await rate(usage), `rejected ${reason}`);
      const { ratings } = await rating.client.listRatings({ parent: 'accounts/acme' });
      assert.deepEqual(ratings, []);
    });
  }

  it('rates each once, however many send it at once', async () => {
    const to = await account();
    const ids = Array.from({ length: 20 }, (_, i) => `u${i}`);
    const batches = Array.from({ length: 6 }, () => rateAll(...ids.map((id) => use(id, '1', to))));
    const outcomes = (await Promise.all(batches)).flat();
    assert.equal(outcomes.filter((one) => one.startsWith('rated')).length, 20);
    assert.equal(outcomes.filter((one) => one.startsWith('duplicate')).length, 100);
    const { ratings } = await rating.client.listRatings({ parent: to.account });
    assert.equal(ratings.length, 20);
    assert.equal(
      ratings.reduce((sum, { amount }) => sum + Number(amount), 0),
      15,
    );
  });

  it('acknowledges a stream in its order', async () => {
    const to = await account();
    const ids = [...Array.from({ length: 1200 }, (_, i) => `s${i}`), 's0'];
    const sent = Readable.from(ids.map((id) => ({ usage: use(id, '1', to) })));
    const outcomes: string[] = [];
    for await (const { outcome } of rating.client.streamRateUsage(sent)) outcomes.push(told(outcome));
    assert.deepEqual(outcomes.slice(0, 11), [...Array<string>(10).fill('rated 1'), 'rated 0.5']);
    assert.equal(outcomes.length, 1201);
    assert.equal(outcomes.at(-1), 'duplicate 1');
  });

  it('replays what is stored to the last digit', async () => {
    const to = await account();
    await rateAll(use('1', '8', to), use('2', '4.5', to));
    for (const usageId of ['1', '2']) {
      const { agrees, stored, computed } = await rating.client.replayRating({ account: to.account, usageId });
      assert.equal(agrees, true);
      assert.deepEqual(computed, stored);
    }
  });

  it('retries what waits for a price once a revision prices it', async () => {
    const to = await account();
    assert.equal(
      await rate(use('1', '3', { ...to, occurredAt: stamp('2025-12-31T00:00:00Z') })),
      'unpriced REVISION_NOT_FOUND',
    );
    assert.equal(await rate(use('2', '3', to, { kind: 'odd' })), 'unpriced NO_PRICE');
    const { usages } = await rating.client.listUnpriced({ parent: to.account });
    assert.deepEqual(
      usages.map(({ usage }: { usage?: RecordedUsage }) => usage?.usageId),
      ['1', '2'],
    );
    const { outcomes } = await rating.client.retryUnpriced({ parent: to.account });
    assert.deepEqual(
      outcomes.map((outcome: UsageOutcome) => told(outcome)),
      ['unpriced REVISION_NOT_FOUND', 'unpriced NO_PRICE'],
    );
  });

  it('lists page by page in the order of recording', async () => {
    const to = await account();
    await rateAll(...['b', 'a', 'c'].map((id) => use(id, '1', to)));
    await rate(use('0', '1', { ...to, occurredAt: stamp('2026-01-05T00:00:00Z') }));
    const ids: string[] = [];
    let pageToken = '';
    do {
      const page = await rating.client.listRatings({ parent: to.subscription, pageSize: 2, pageToken });
      ids.push(...page.ratings.map(({ usageId }) => usageId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(ids, ['b', 'a', 'c', '0']);
    const january = {
      parent: to.account,
      from: stamp('2026-01-01T00:00:00Z'),
      to: stamp('2026-02-01T00:00:00Z'),
    };
    const { ratings } = await rating.client.listRatings(january);
    assert.deepEqual(
      ratings.map(({ usageId }) => usageId),
      ['0'],
    );
  });

  it('waits for no news of strategies that the account is on besides', async () => {
    const to = await account();
    for (const id of Array.from({ length: 8 }, (_, i) => `never-${i}`)) {
      const subscription = { name: `${to.account}/subscriptions/${id}`, strategy: `strategies/${id}` };
      await rating.accounts.createSubscription({ subscription });
    }
    const before = rating.book.heard;
    assert.equal(await rate(use('1', '1', to)), 'rated 1');
    // News comes all the time; to wait for it would take two pieces for each strategy.
    assert.ok(rating.book.heard - before < 8);
  });

  it('does not begin what nobody waits for any more', async () => {
    const to = await account();
    const ports = {
      store: rating.store,
      clock: rating.catalog.ports.clock,
      book: rating.book,
      queues: new Map(),
    };
    const message = create(RecordedUsageSchema, use('1', '1', to));
    const gone = new Error('the caller went away');
    await assert.rejects(recordMessages([message], ports, AbortSignal.abort(gone)), gone);
    assert.equal(await rate(use('1', '1', to)), 'rated 1');
  });

  it('goes on only by a token of the very list, whole', async () => {
    const [to, other] = [await account(), await account()];
    await rateAll(...['1', '2'].map((id) => use(id, '1', to)));
    const { nextPageToken } = await rating.client.listRatings({ parent: to.account, pageSize: 1 });
    for (const [parent, pageToken] of [
      [other.account, nextPageToken],
      [to.account, nextPageToken.slice(0, -2)],
      [to.account, 'nonsense'],
    ] as const)
      await assert.rejects(rating.client.listRatings({ parent, pageToken }), { reason: 'INVALID_REQUEST' });
    await assert.rejects(rating.client.listUnpriced({ parent: to.account, pageToken: nextPageToken }), {
      reason: 'INVALID_REQUEST',
    });
  });

  describe('taken back', () => {
    const cancel = async (to: { account: string }, usageId: string) =>
      (await rating.client.cancelUsage({ account: to.account, usageId })).reversal;

    it('is nothing that Ratebook has rated by itself', async () => {
      await assert.rejects(cancel(await account(), 'ratebook:period:main:month'), {
        reason: 'INVALID_REQUEST',
        message: /usage_id: begins with ratebook:/,
      });
    });

    it('gives back what the last units cost, and what follows starts from there', async () => {
      const to = await account();
      assert.deepEqual(await rateAll(use('1', '8', to), use('2', '4', to)), ['rated 8', 'rated 3']);
      const reversal = await cancel(to, '1');
      // 12 units cost 11 and 4 cost 4.
      assert.equal(reversal?.amount, '-7');
      assert.deepEqual([reversal.number, reversal.reverses], [2n, 1n]);
      assert.equal(await rate(use('3', '6', to)), 'rated 6');
      const { ratings } = await rating.client.getRating({ account: to.account, usageId: '1' });
      assert.deepEqual(
        ratings.map(({ amount }) => amount),
        ['8', '-7'],
      );
    });

    it('gives the same answer again, and its id is not free', async () => {
      const to = await account();
      await rate(use('1', '8', to));
      assert.deepEqual(await cancel(to, '1'), await cancel(to, '1'));
      assert.equal(await rate(use('1', '8', to)), 'duplicate 8');
      assert.equal((await rating.client.getRating({ account: to.account, usageId: '1' })).ratings.length, 2);
    });

    it('replays to the last digit', async () => {
      const to = await account();
      await rateAll(use('1', '8', to), use('2', '4', to));
      await cancel(to, '1');
      const { agrees } = await rating.client.replayRating({ account: to.account, usageId: '1', number: 2n });
      assert.equal(agrees, true);
    });

    it('a use that waits for a price just goes', async () => {
      const to = await account();
      await rate(use('1', '1', to, { kind: 'odd' }));
      assert.equal(await cancel(to, '1'), undefined);
      await assert.rejects(cancel(to, '1'), { reason: 'USAGE_NOT_FOUND' });
      assert.equal(await rate(use('1', '2', to)), 'rated 2');
    });

    it('refuses what was never recorded', async () => {
      await assert.rejects(cancel({ account: 'accounts/acme' }, 'never'), { reason: 'USAGE_NOT_FOUND' });
      await assert.rejects(cancel({ account: 'accounts/nobody' }, '1'), { reason: 'ACCOUNT_NOT_FOUND' });
    });
  });
});
