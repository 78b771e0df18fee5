import assert from 'node:assert/strict';
import type { Rating } from '../rating.js';
import { stamp, told, use } from '../recording/recording.js';
import { type Prepaid, openPrepaid, prepaid } from '../wallets/prepaid.js';

describe('correcting prepaid usage', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    // The first ten units of a month cost 1 each, those after them 0.5; by the second revision 2 and 1.
    rating = await openPrepaid();
    const { source } =
      (await rating.catalog.client.getRevision({ name: 'strategies/tokens/revisions/1' })).revision ?? {};
    assert.ok(source);
    const text = source.text
      .replace('unit_price: 1 }', 'unit_price: 2 }')
      .replace('unit_price: 0.5', 'unit_price: 1');
    await rating.catalog.client.publishRevision({
      source: { ...source, text },
      effectiveFrom: stamp('2026-04-01T00:00:00Z'),
    });
  });
  after(() => rating.close());

  /** With 8 units and 50.00 of money. */
  const open = async (): Promise<Prepaid> => {
    const one = await prepaid(rating);
    await one.wallet('units', { unit: 'token' });
    await one.wallet('main');
    await one.grant('money', '50');
    await one.grant('u', '8', { wallet: `${one.name}/wallets/units`, prices: ['units'] });
    return one;
  };
  const rate = async (usage: ReturnType<typeof use>) =>
    told((await rating.client.rateUsage({ usage })).outcome);
  const rerate = async ({ to }: Prepaid) => {
    const request = { parent: to.subscription, revision: 2n };
    return rating.client.rerate({ ...request, plan: (await rating.client.rerate(request)).plan });
  };
  const replayAll = async ({ name: account }: Prepaid) => {
    for (const { usageId, number } of (await rating.client.listRatings({ parent: account })).ratings) {
      const { agrees } = await rating.client.replayRating({ account, usageId, number });
      assert.equal(agrees, true, `${usageId} ${number}`);
    }
  };
  const state = async (one: Prepaid) => [await one.shown('units'), await one.shown()];

  it('gives back what the old use took and takes what the new one costs, owed where it is not there', async () => {
    const one = await open();
    assert.equal(await rate(use('1', '12', one.to)), 'rated 4');
    await rating.client.amendUsage({ usage: use('1', '5', one.to) });
    assert.deepEqual(await state(one), ['3 of 3: u 3', '50 of 50: money 50']);
    await rating.client.amendUsage({ usage: use('1', '118', one.to) });
    // 110 units after the eight: 10 and 100 × 0.5.
    assert.deepEqual(await state(one), ['0 of 0: ', '-10 of -10: ']);
    await replayAll(one);
  });

  it('rates again what was paid, in units as it was, and in money anew', async () => {
    const one = await open();
    await rate(use('1', '12', one.to));
    await rate(use('2', '3', one.to));
    const { before, after } = await rerate(one);
    assert.deepEqual([before, after], ['7', '14']);
    assert.deepEqual(await state(one), ['0 of 0: ', '36 of 36: money 36']);
    await replayAll(one);
  });

  it('rates again what was taken back, without a unit or a cent more or less', async () => {
    const one = await open();
    await rate(use('1', '12', one.to));
    await rating.client.cancelUsage({ account: one.name, usageId: '1' });
    await rate(use('2', '8', one.to));
    const full = ['0 of 0: ', '50 of 50: money 50'];
    assert.deepEqual(await state(one), full);
    await rerate(one);
    assert.deepEqual(await state(one), full);
    await replayAll(one);
  });

  describe('with what has expired since it was paid', () => {
    const expiresAt = stamp('2026-03-01T00:00:01Z');
    const later = async (work: () => Promise<unknown>) => {
      const { clock } = rating.catalog;
      clock.time += 1_000_000_000n;
      try {
        await work();
      } finally {
        clock.time -= 1_000_000_000n;
      }
    };
    const expiring = async (unit: string) => {
      const one = await prepaid(rating);
      await one.wallet('old', { unit });
      await one.wallet('main');
      await one.grant('a', '20', { wallet: `${one.name}/wallets/old`, prices: ['units'], expiresAt });
      await one.grant('b', '30');
      await rate(use('1', '10', one.to));
      return one;
    };

    for (const unit of ['USD', 'token'])
      it(`costs no other money to be put right, paid in ${unit}`, async () => {
        const one = await expiring(unit);
        await later(() => rating.client.amendUsage({ usage: use('1', '9', one.to) }));
        assert.equal(await one.shown(), '30 of 30: b 30');
        await replayAll(one);
      });

    it('costs only what it has become dearer when it is rated again', async () => {
      const one = await expiring('USD');
      await later(() => rerate(one));
      assert.equal(await one.shown(), '20 of 20: b 20');
    });

    it('costs nothing to rate again what was taken back', async () => {
      const one = await expiring('USD');
      await rating.client.cancelUsage({ account: one.name, usageId: '1' });
      await later(() => rerate(one));
      assert.equal(await one.shown(), '30 of 30: b 30');
    });
  });

  it('says on the statement what was paid', async () => {
    const one = await open();
    await rate(use('1', '12', one.to));
    const { statement } = await rating.client.closeStatement({ parent: one.to.subscription });
    assert.deepEqual([statement?.amount, statement?.settled], ['4', '4']);
    assert.deepEqual(
      statement?.lines.map(({ kind }) => kind),
      ['charge'],
    );
    await rerate(one);
    const next = (await rating.client.closeStatement({ parent: one.to.subscription })).statement;
    assert.deepEqual([next?.amount, next?.settled, next?.ratingCount], ['4', '4', 2n]);
  });
});
