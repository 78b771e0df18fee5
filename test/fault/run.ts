// The rating service under faults: node dist/test/fault/run.js [--kills N] [--mongod M] [--elections E] [--sweep NAME] [--seed S]
import { parseArgs } from 'node:util';
import { runElections } from './elections.js';
import { runRandom } from './random.js';
import { SCENES, type Scene } from './scenes.js';
import { type Server, startServer } from './server.js';
import { startSet } from './set.js';
import { type Stage, openStage } from './stage.js';
import { BLOWS, openSweep } from './sweep.js';

const USAGE = `usage: npm run test:fault -- [--kills N] [--mongod M] [--elections E] [--sweep TEXT] [--seed S]
Plays each scene (a batch, a hold, a statement …) once for each fault at each message to the database, then kills services
N times (100) and the database M times (20) under load, then makes a set of three elect another primary E times (20). With
TEXT only scenes with that in their name, with "none" no scene; the seed S is a whole number. FAULT_LOG names a file for what
the services log. Ends with "no difference", or with the first one and status 1.`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { kills: text, mongod: text, elections: text, sweep: text, seed: text },
});
const kills = Number(values.kills ?? 100);
const serverKills = Number(values.mongod ?? 20);
const elections = Number(values.elections ?? 20);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const scenes = SCENES.filter(({ name }) => name.includes(values.sweep ?? ''));
if (![kills, serverKills, elections, seed].every((count) => Number.isInteger(count) && count >= 0)) {
  console.error(USAGE);
  process.exit(2);
}

const difference = (await withOneServer()) ?? (await electAll());
console.log(difference ?? 'no difference');
process.exitCode = difference === undefined ? 0 : 1;

async function withOneServer(): Promise<string | undefined> {
  const server = await startServer();
  try {
    return (
      (await sweepAll(server, false)) ?? (await sweepAll(server, true)) ?? (await strikeAtRandom(server))
    );
  } finally {
    await server.stop();
  }
}

async function electAll(): Promise<string | undefined> {
  if (elections === 0) return undefined;
  console.log(`three servers: ${elections} elections, seed ${seed}`);
  const set = await startSet();
  try {
    return await runElections(set, 'elections', { elections, seed, tell: console.log });
  } finally {
    await set.stop();
  }
}

/** All scenes that requests play, or all that are played in the background. */
async function sweepAll(server: Server, isDue: boolean): Promise<string | undefined> {
  const own = scenes.filter((scene) => (scene.isDue === true) === isDue);
  if (own.length === 0) return undefined;
  const stage = await openStage(server, isDue ? 'due' : 'asked', isDue);
  try {
    for (const scene of own) {
      const difference = await sweepOne(stage, scene);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } finally {
    await stage.stop();
  }
}

async function sweepOne(stage: Stage, scene: Scene): Promise<string | undefined> {
  const sweep = await openSweep(stage, scene);
  for (const blow of BLOWS) {
    const name = `${scene.name}, ${blow.kind}${blow.isKilled ? ', killed' : ''}`;
    console.log(`${name}: each of ${sweep.messages.length} messages`);
    for (const [i, message] of sweep.messages.entries()) {
      const difference = await sweep.strike(blow, i + 1);
      if (difference !== undefined) return `${name} at message ${i + 1} (${message}): ${difference}`;
    }
  }
  return undefined;
}

async function strikeAtRandom(server: Server): Promise<string | undefined> {
  if (kills === 0) return undefined;
  console.log(`at random: ${kills} kills of services, ${serverKills} of the database, seed ${seed}`);
  return runRandom(server, 'random', { kills, serverKills, seed, tell: console.log });
}
