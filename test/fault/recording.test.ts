import assert from 'node:assert/strict';
import { runRandom } from './random.js';
import { type Server, startServer } from './server.js';
import { BLOWS, type Sweep, openSweep } from './sweep.js';

// In short; `npm run test:fault` leaves nothing out.
describe('recorded usage under faults', function () {
  this.timeout(120_000);
  let server: Server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  describe('at one message of a batch', () => {
    let sweep: Sweep;
    before(async () => {
      sweep = await openSweep(server, 'sweep');
    });
    after(() => sweep.stop());

    it('asks the database for what the sweep is about', () => {
      for (const message of ['update accounts', 'insert ratings', 'update windows'])
        assert.ok(sweep.messages.includes(message), message);
      assert.equal(sweep.messages.at(-1), 'commitTransaction');
    });

    for (const blow of BLOWS) {
      const { kind, isKilled } = blow;
      it(`stores and answers each use once after: ${kind}${isKilled ? ', killed' : ''}`, async () => {
        // What takes seconds is done less often, and always to the commit.
        const step = isKilled || kind === 'delay' ? 5 : 2;
        for (let at = sweep.messages.length; at >= 1; at -= step)
          assert.equal(await sweep.strike(blow, at), undefined, `${kind} at ${sweep.messages[at - 1] ?? ''}`);
      });
    }
  });

  it('stores and answers each use once when services and the database are killed under load', async () => {
    const blows: string[] = [];
    const tell = (blow: string) => void blows.push(blow);
    const difference = await runRandom(server, 'random', { kills: 3, serverKills: 1, seed: 7, tell });
    assert.equal(difference, undefined, blows.join('; '));
    assert.equal(blows.length, 3);
  });
});
