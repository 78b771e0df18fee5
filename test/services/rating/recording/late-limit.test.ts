import assert from 'node:assert/strict';
import { at } from '../../catalog/catalog.js';
import { heard, type Rating } from '../rating.js';
import { freshAccount, openRecording, stamp, told, use } from './recording.js';

describe('the late limit', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
  });
  after(() => rating.close());

  const account = () => freshAccount(rating);
  type To = Awaited<ReturnType<typeof account>>;
  const january = (to: To) => ({ ...to, occurredAt: stamp('2026-01-10T00:00:00Z') });
  const rate = async (usage: ReturnType<typeof use>) =>
    told((await rating.client.rateUsage({ usage })).outcome);
  const close = ({ subscription }: To, upTo: string) =>
    rating.client.closeStatement({ parent: subscription, upTo: stamp(upTo) });
  /** Sets the clock, and waits until the catalog has told that it knows all up to then. */
  const setTime = async (text: string) => {
    rating.catalog.clock.time = at(text);
    await heard(rating.book, () => rating.book.watermark !== undefined && rating.book.watermark >= at(text));
  };

  it('counts from the instant that the first statement goes up to that has covered the period', async () => {
    const [to, other] = [await account(), await account()];
    for (const one of [to, other]) {
      await rate(use('1', '1', january(one)));
      await rate(use('2', '1', one));
    }
    await close(to, '2026-02-01T00:00:00Z');
    await close(to, '2026-03-01T00:00:00Z');
    // Ninety days after the first of February.
    await setTime('2026-05-02T00:00:00Z');
    assert.equal(await rate(use('3', '1', january(to))), 'rated 1');
    await setTime('2026-05-02T00:00:00.001Z');
    assert.equal(await rate(use('4', '1', january(to))), 'rejected LATE');
    assert.equal(await rate(use('3', '1', january(to))), 'duplicate 1');
    assert.equal(await rate(use('5', '1', to)), 'rated 1');
    // No statement has covered it.
    assert.equal(await rate(use('4', '1', january(other))), 'rated 1');
    const cancel = (usageId: string) => rating.client.cancelUsage({ account: to.account, usageId });
    await assert.rejects(cancel('1'), { reason: 'LATE' });
    const amend = (usage: ReturnType<typeof use>) => rating.client.amendUsage({ usage });
    await assert.rejects(amend(use('1', '2', january(to))), { reason: 'LATE' });
    await assert.rejects(amend(use('1', '1', to)), { reason: 'LATE' });
    await assert.rejects(amend(use('2', '1', january(to))), { reason: 'LATE' });
    assert.equal((await cancel('2')).reversal?.amount, '-1');
  });
});
