import assert from 'node:assert/strict';
import { runRandom } from './random.js';
import { SCENES } from './scenes.js';
import { type Server, startServer } from './server.js';
import { BLOWS, type Sweep, openSweep } from './sweep.js';

/** The number of the message. */
const commitIn = ({ messages }: Sweep) => messages.lastIndexOf('commitTransaction') + 1;

// In short; `npm run test:fault` leaves nothing out.
describe('the rating service under faults', function () {
  this.timeout(120_000);
  let server: Server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  for (const [number, scene] of SCENES.entries())
    describe(`at one message of ${scene.name}`, () => {
      let sweep: Sweep;
      before(async () => {
        sweep = await openSweep(server, `sweep${number}`, scene);
      });
      after(() => sweep.stop());

      it('asks the database for what the sweep is about', () => {
        for (const message of scene.about)
          assert.ok(sweep.messages.includes(message), `${message}: ${sweep.messages.join(', ')}`);
        assert.ok(commitIn(sweep) > 0, 'commitTransaction');
      });

      it('does it once after the commit is cut after', async () => {
        assert.equal(await sweep.strike({ kind: 'cut after', isKilled: false }, commitIn(sweep)), undefined);
      });

      // What takes seconds is done to one message of each scene, another one in each.
      it('does it once after a blow anywhere', async () => {
        const blow = BLOWS[number % BLOWS.length]!;
        const at = 1 + ((number * 5) % sweep.messages.length);
        assert.equal(
          await sweep.strike(blow, at),
          undefined,
          `${blow.kind} at ${sweep.messages[at - 1] ?? ''}`,
        );
      });
    });

  it('does all once when services and the database are killed under load', async () => {
    const blows: string[] = [];
    const tell = (blow: string) => void blows.push(blow);
    const difference = await runRandom(server, 'random', { kills: 3, serverKills: 1, seed: 7, tell });
    assert.equal(difference, undefined, blows.join('; '));
    assert.equal(blows.filter((blow) => blow.startsWith('killed')).length, 3);
  });
});
