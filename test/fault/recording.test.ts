import assert from 'node:assert/strict';
import { runRandom } from './random.js';
import { SCENES } from './scenes.js';
import { type Server, startServer } from './server.js';
import { type Stage, openStage } from './stage.js';
import { BLOWS, type Sweep, openSweep } from './sweep.js';

// In short; `npm run test:fault` leaves nothing out.
describe('the rating service under faults', function () {
  this.timeout(120_000);
  let server: Server;
  const stages = new Map<boolean, Stage>();
  before(async () => {
    server = await startServer();
    stages.set(false, await openStage(server, 'asked', false));
    stages.set(true, await openStage(server, 'due', true));
  });
  after(async () => {
    for (const stage of stages.values()) await stage.stop();
    await server.stop();
  });

  for (const [number, scene] of SCENES.entries())
    describe(`at one message of ${scene.name}`, () => {
      let sweep: Sweep;
      before(async () => {
        sweep = await openSweep(stages.get(scene.isDue === true)!, scene);
      });

      it('asks the database for what the sweep is about', () => {
        for (const message of [...scene.about, 'commitTransaction'])
          assert.ok(sweep.messages.includes(message), `${message}: ${sweep.messages.join(', ')}`);
      });

      it('does it once when the answer to the commit is lost', async () => {
        const at = sweep.messages.lastIndexOf('commitTransaction') + 1;
        assert.equal(await sweep.strike({ kind: 'cut after', isKilled: false }, at), undefined);
      });

      // Some take seconds: each scene has one of them, another one than the scene before.
      it('does it once after a blow in its midst', async () => {
        const blow = BLOWS[number % BLOWS.length]!;
        const at = 1 + ((number * 5) % sweep.messages.length);
        const where = `${blow.kind} at ${sweep.messages[at - 1] ?? ''}`;
        assert.equal(await sweep.strike(blow, at), undefined, where);
      });
    });

  it('does all once when services and the database are killed under load', async () => {
    const blows: string[] = [];
    const tell = (blow: string) => void blows.push(blow);
    const difference = await runRandom(server, 'random', { kills: 2, serverKills: 1, seed: 7, tell });
    assert.equal(difference, undefined, blows.join('; '));
    assert.equal(blows.filter((blow) => blow.startsWith('killed')).length, 2);
  });
});
