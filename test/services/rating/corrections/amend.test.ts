import assert from 'node:assert/strict';
import type { Rating } from '../rating.js';
import { freshAccount, openRecording, stamp, told, use } from '../recording/recording.js';

type Use = ReturnType<typeof use>;

describe('a use that is put right', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    // The first ten units of a month cost 1 each, those after them 0.5.
    rating = await openRecording();
  });
  after(() => rating.close());

  const account = () => freshAccount(rating);
  type To = Awaited<ReturnType<typeof account>>;
  const rate = async (usage: Use) => told((await rating.client.rateUsage({ usage })).outcome);
  const amend = (usage: Use) => rating.client.amendUsage({ usage });
  const cancel = async ({ account: of }: To, usageId: string) =>
    (await rating.client.cancelUsage({ account: of, usageId })).reversal;
  const all = async (to: To, usageId: string) =>
    (await rating.client.getRating({ account: to.account, usageId })).ratings;
  const amounts = async (to: To, usageId: string) =>
    (await all(to, usageId)).map(
      ({ amount, reverses }) => `${amount}${reverses === 0n ? '' : ` of ${reverses}`}`,
    );

  /** Every rating of these uses comes out again. */
  const replay = async (to: To, ...usageIds: string[]) => {
    for (const usageId of usageIds)
      for (const { number } of await all(to, usageId)) {
        const { agrees } = await rating.client.replayRating({ account: to.account, usageId, number });
        assert.equal(agrees, true, `${usageId} ${number}`);
      }
  };

  it('is taken back at the totals of now and rated after that, under its id', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await rate(use('2', '4', to));
    const { reversal, rating: anew } = await amend(use('1', '3', to));
    // Twelve units cost 11, four cost 4, seven cost 7.
    assert.deepEqual([reversal?.amount, reversal?.number, reversal?.reverses], ['-7', 2n, 1n]);
    assert.deepEqual([anew?.amount, anew?.number, anew?.reverses], ['3', 3n, 0n]);
    assert.equal(await rate(use('3', '4', to)), 'rated 3.5');
    await replay(to, '1', '2', '3');
  });

  it('moves to the window of its new instant', async () => {
    const to = await account();
    await rate(use('1', '12', to));
    await amend(use('1', '12', { ...to, occurredAt: stamp('2026-01-10T00:00:00Z') }));
    assert.deepEqual(await amounts(to, '1'), ['11', '-11 of 1', '11']);
    assert.equal(await rate(use('2', '10', to)), 'rated 10');
    const { summary } = await rating.client.summarizePeriod({ parent: to.account, date: '2026-01-01' });
    assert.equal(summary?.amount, '11');
    await replay(to, '1', '2');
  });

  it('gives the same answer to the same again, and changes nothing where nothing differs', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    const unchanged = await amend(use('1', '8', to));
    assert.deepEqual([unchanged.reversal, unchanged.rating?.number], [undefined, 1n]);
    const first = await amend(use('1', '3', to));
    assert.deepEqual(await amend(use('1', '3', { account: to.account, subscription: '' })), first);
    assert.deepEqual(await amounts(to, '1'), ['8', '-8 of 1', '3']);
    await amend(use('1', '8', to));
    assert.deepEqual(await amounts(to, '1'), ['8', '-8 of 1', '3', '-3 of 3', '8']);
    await replay(to, '1');
  });

  it('is a duplicate under every body that it has had, with the rating of that body', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await amend(use('1', '3', to));
    assert.equal(await rate(use('1', '8', to)), 'duplicate 8');
    assert.equal(await rate(use('1', '3', to)), 'duplicate 3');
    assert.equal(await rate(use('1', '4', to)), 'rejected USAGE_ID_REUSED');
  });

  it('is cancelled as it is now', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await amend(use('1', '3', to));
    const reversal = await cancel(to, '1');
    assert.deepEqual([reversal?.amount, reversal?.number, reversal?.reverses], ['-3', 4n, 3n]);
    assert.deepEqual(await cancel(to, '1'), reversal);
    await assert.rejects(amend(use('1', '8', to)), { reason: 'USAGE_CANCELLED' });
    assert.equal(await rate(use('2', '10', to)), 'rated 10');
  });

  it('that waits for a price is rated in place of what waits', async () => {
    const to = await account();
    assert.equal(await rate(use('1', '8', to, { kind: 'odd' })), 'unpriced NO_PRICE');
    const { reversal, rating: anew } = await amend(use('1', '8', to));
    assert.deepEqual([reversal, anew?.amount, anew?.number], [undefined, '8', 1n]);
    assert.deepEqual((await rating.client.listUnpriced({ parent: to.account })).usages, []);
  });

  it('stays as it was where the new one is refused', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    const refused: readonly (readonly [reason: string, usage: Use])[] = [
      ['NO_PRICE', use('1', '8', to, { kind: 'odd' })],
      ['REJECTED', use('1', '8', to, { kind: 'banned' })],
      ['INVALID_FACTS', use('1', '8', to, { colour: 'red' })],
      ['REVISION_NOT_FOUND', use('1', '8', { ...to, occurredAt: stamp('2025-12-31T00:00:00Z') })],
      ['INVALID_REQUEST', use('1', '8', { ...to, occurredAt: stamp('2026-03-02T00:00:00Z') })],
      ['INVALID_REQUEST', use('1', '9', { ...to, subscription: `${to.account}/subscriptions/other` })],
      ['USAGE_NOT_FOUND', use('2', '8', to)],
      ['ACCOUNT_NOT_FOUND', use('1', '8', { account: 'accounts/nobody', subscription: '' })],
    ];
    for (const [reason, usage] of refused) await assert.rejects(amend(usage), { reason });
    assert.deepEqual(await amounts(to, '1'), ['8']);
    assert.equal(await rate(use('3', '4', to)), 'rated 3');
  });

  it('is explained from what is stored, as a quote is', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await rate(use('2', '4', to));
    await cancel(to, '2');
    const explained = (number: bigint) =>
      rating.client.explainRating({ account: to.account, usageId: '2', number });
    const { rating: stored, explanation } = await explained(0n);
    assert.equal(stored?.amount, '3');
    assert.deepEqual(
      explanation?.rules.map(({ rule, outcome }) => `${rule}: ${outcome}`),
      ['units: won', 'not sold: not_matched'],
    );
    assert.equal(explanation.facts['units'], '4');
    assert.equal(explanation.steps.at(-1)?.value, '3');
    assert.deepEqual(explanation.alternatives.map(({ errorReason }) => errorReason).sort(), [
      'NO_PRICE',
      'REJECTED',
    ]);
    const back = await explained(2n);
    assert.equal(back.explanation?.steps.at(-1)?.value, '-3');
    assert.equal(back.explanation.rules[0]?.outcome, 'won');
    await assert.rejects(explained(3n), { reason: 'USAGE_NOT_FOUND' });
  });
});
