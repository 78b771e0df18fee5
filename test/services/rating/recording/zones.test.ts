import assert from 'node:assert/strict';
import { type Rating, heard } from '../rating.js';
import { TOKENS, openAccount, openRecording, stamp, told, use } from './recording.js';

describe('recording under a revision of another time zone', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    const text = TOKENS.replace('time_zone: UTC', 'time_zone: Asia/Shanghai');
    await rating.catalog.client.publishRevision({
      source: { fileName: 'tokens.yaml', text },
      effectiveFrom: stamp('2026-02-01T00:00:00Z'),
    });
    await heard(rating.book, () => rating.book.byStrategy.get('tokens')?.length === 2);
  });
  after(() => rating.close());

  // In February by UTC is in March by Shanghai.
  const USES = ['2026-01-31T20:00:00Z', '2026-02-28T15:00:00Z', '2026-02-28T20:00:00Z'] as const;

  it('counts alike in one batch and one by one', async () => {
    const outcomes = await Promise.all(
      ['together', 'apart'].map(async (id) => {
        await openAccount(rating, id);
        const to = { account: `accounts/${id}`, subscription: `accounts/${id}/subscriptions/main` };
        const usages = USES.map((at, i) => use(String(i), '10', { ...to, occurredAt: stamp(at) }));
        if (id === 'together') return (await rating.client.batchRateUsage({ usages })).outcomes.map(told);
        const one: string[] = [];
        for (const usage of usages) one.push(told((await rating.client.rateUsage({ usage })).outcome));
        return one;
      }),
    );
    assert.deepEqual(outcomes, [
      ['rated 10', 'rated 10', 'rated 10'],
      ['rated 10', 'rated 10', 'rated 10'],
    ]);
  });
});
