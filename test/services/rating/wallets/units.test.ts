import assert from 'node:assert/strict';
import type { RatebookError } from '../../../../src/errors/error.js';
import type { Rating } from '../rating.js';
import { stamp, told, use } from '../recording/recording.js';
import { type Prepaid, openPrepaid, prepaid } from './prepaid.js';

describe('paying usage in units', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openPrepaid();
  });
  after(() => rating.close());

  const rate = async (usage: ReturnType<typeof use>) =>
    told((await rating.client.rateUsage({ usage })).outcome);
  /** With wallets of units and of money. */
  const open = async (): Promise<Prepaid> => {
    const one = await prepaid(rating);
    await one.wallet('units', { unit: 'token' });
    await one.wallet('main');
    await one.grant('money', '50');
    return one;
  };
  const grantUnits = (one: Prepaid, reference: string, amount: string, prices = ['units']) =>
    one.grant(reference, amount, { wallet: `${one.name}/wallets/units`, prices });

  it('covers what units there are, and charges and counts the rest', async () => {
    const one = await open();
    await grantUnits(one, 'u', '8');
    assert.equal(await rate(use('1', '6', one.to)), 'rated 0');
    assert.equal(await rate(use('2', '12', one.to)), 'rated 10');
    assert.equal(await rate(use('3', '2', one.to)), 'rated 1');
    assert.equal(await one.shown('units'), '0 of 0: ');
    assert.equal(await one.shown(), '39 of 39: money 39');
    const { ratings } = await rating.client.listRatings({ parent: one.name });
    assert.deepEqual(
      ratings.map(({ lines }) => lines.map(({ quantity, usedBefore }) => `${quantity} after ${usedBefore}`)),
      [['0 after 0'], ['10 after 0'], ['2 after 10']],
    );
  });

  it('leaves units for other prices alone', async () => {
    const one = await open();
    await grantUnits(one, 'u', '8', ['other']);
    assert.equal(await rate(use('1', '6', one.to)), 'rated 6');
  });

  it('gives units back with the use, and replays both to the last digit', async () => {
    const one = await open();
    await grantUnits(one, 'u', '8');
    await rate(use('1', '12', one.to));
    await rating.client.cancelUsage({ account: one.name, usageId: '1' });
    assert.equal(await one.shown('units'), '8 of 8: u 8');
    assert.equal(await one.shown(), '50 of 50: money 50');
    for (const number of [1n, 2n]) {
      const { agrees } = await rating.client.replayRating({ account: one.name, usageId: '1', number });
      assert.equal(agrees, true);
    }
  });

  it('keeps the units of a use that is refused for lack of money', async () => {
    const one = await prepaid(rating);
    await one.wallet('units', { unit: 'token' });
    await grantUnits(one, 'u', '8');
    assert.equal(await rate(use('1', '9', one.to)), 'rejected BALANCE_TOO_LOW');
    assert.equal(await one.shown('units'), '8 of 8: u 8');
  });

  it('covers nothing with units that have expired', async () => {
    const one = await open();
    await one.grant('u', '8', {
      wallet: `${one.name}/wallets/units`,
      prices: ['units'],
      expiresAt: stamp('2026-03-01T00:00:00Z'),
    });
    assert.equal(await rate(use('1', '6', one.to)), 'rated 6');
  });

  it('refuses units that name no prices', async () => {
    const one = await open();
    await assert.rejects(grantUnits(one, 'u', '8', []), (error: RatebookError) => {
      assert.equal(error.reason, 'INVALID_REQUEST');
      return error.violations[0]?.field === 'grant.prices';
    });
  });
});
