import assert from 'node:assert/strict';
import { type LeaseDocument, releaseLease, takeLease } from '../../src/platform/mongo/lease.js';
import { freshDatabase, testMongo } from '../mongo.js';

describe('platform/mongo: a lease', function () {
  this.timeout(120_000);
  const open = async () => (await testMongo()).db(freshDatabase()).collection<LeaseDocument>('leases');
  const long = { work: 'w', ms: 60_000 };

  it('one of many that ask at once has it', async () => {
    const leases = await open();
    const holders = ['a', 'b', 'c', 'd', 'e', 'f'];
    const taken = await Promise.all(holders.map((holder) => takeLease(leases, { ...long, holder })));
    assert.deepEqual(
      taken.filter((token) => token !== undefined),
      [1n],
    );
  });

  it('its holder renews it under the same number; another waits until it is over and gets the next', async () => {
    const leases = await open();
    assert.equal(await takeLease(leases, { ...long, holder: 'a' }), 1n);
    assert.equal(await takeLease(leases, { ...long, holder: 'a' }), 1n);
    assert.equal(await takeLease(leases, { ...long, holder: 'b' }), undefined);
    assert.equal(await takeLease(leases, { ...long, holder: 'a', ms: 0 }), 1n);
    assert.equal(await takeLease(leases, { ...long, holder: 'b' }), 2n);
    assert.equal(await takeLease(leases, { ...long, holder: 'a' }), undefined);
  });

  it('one that was over in the meantime is taken anew, also by the same holder', async () => {
    const leases = await open();
    await takeLease(leases, { ...long, holder: 'a', ms: 0 });
    assert.equal(await takeLease(leases, { ...long, holder: 'a' }), 2n);
  });

  it('is let go by its holder alone', async () => {
    const leases = await open();
    await takeLease(leases, { ...long, holder: 'a' });
    await releaseLease(leases, { work: 'w', holder: 'b' });
    assert.equal(await takeLease(leases, { ...long, holder: 'b' }), undefined);
    await releaseLease(leases, { work: 'w', holder: 'a' });
    assert.equal(await takeLease(leases, { ...long, holder: 'b' }), 2n);
  });
});
