import assert from 'node:assert/strict';
import { expireGrants } from '../../../../src/services/rating/wallets/expire-grants.js';
import type { Rating } from '../rating.js';
import { findExpired } from '../../../../src/services/rating/wallets/wallet-store.js';
import { stamp, use } from '../recording/recording.js';
import { openPrepaid, prepaid } from './prepaid.js';

describe('expired grants', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openPrepaid();
  });
  after(() => rating.close());

  it('go to the book of breakage once, without anybody else touching the wallet', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '6', { expiresAt: stamp('2026-03-01T00:00:01Z') });
    await one.grant('b', '2');
    const ports = { store: rating.store, clock: rating.catalog.clock };
    assert.equal(await expireGrants(ports), 0);
    rating.catalog.clock.time += 1_000_000_000n;
    assert.equal(await expireGrants(ports), 1);
    assert.equal(await expireGrants(ports), 0);
    assert.equal(await one.ledger(), 'grant payments 6, grant payments 2, expiry breakage -6');
    assert.equal(await one.shown(), '2 of 2: b 2');
  });

  it('are found behind those that are held whole', async () => {
    const [held, free] = [await prepaid(rating), await prepaid(rating)];
    for (const [one, end] of [
      [held, '2026-03-01T00:00:10Z'],
      [free, '2026-03-01T00:00:11Z'],
    ] as const) {
      await one.wallet('main');
      await one.grant('a', '6', { expiresAt: stamp(end) });
    }
    await rating.client.reserve({ holdId: 'h', usage: use('', '6', held.to) });
    const at = rating.catalog.clock.time + 20_000_000_000n;
    const found = await findExpired(rating.store, at, 1);
    assert.deepEqual(
      found.map(({ account }) => `accounts/${account}`),
      [free.name],
    );
  });
});
