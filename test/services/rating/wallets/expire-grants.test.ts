import assert from 'node:assert/strict';
import { expireGrants } from '../../../../src/services/rating/wallets/expire-grants.js';
import type { Rating } from '../rating.js';
import { stamp } from '../recording/recording.js';
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
});
