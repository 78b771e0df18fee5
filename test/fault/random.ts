import { seeded } from '../bench/quote-inputs.js';
import { startLoad } from './load.js';
import type { FaultKind } from './proxy.js';
import { OFTEN, type Replica, endLease, startReplica } from './replica.js';
import type { Server } from './server.js';

export type Plan = {
  /** How often a service process is killed, and how often the database. */
  readonly kills: number;
  readonly serverKills: number;
  /** Decides what is sent and where the blows fall; when they do depends on the machine too. */
  readonly seed: number;
  readonly tell: (text: string) => void;
};

/** What is done in the moment of a kill: with the message lost, half sent, or done and not answered. */
const LAST_WORDS: readonly FaultKind[] = ['cut before', 'halve', 'cut after'];

/** Enough for more than one request: a blow falls anywhere in it. */
const FARTHEST_MESSAGE = 40;

/**
 * Two replicas serve clients that send all the time, to the same accounts, while one or the other is killed in the middle
 * of its work, and at times the database. In the end all is sent again; the result is the first difference.
 */
export async function runRandom(server: Server, database: string, plan: Plan): Promise<string | undefined> {
  const start = () => startReplica(server, database, OFTEN);
  const replicas = [await start(), await start()];
  try {
    const load = await startLoad(replicas, { client: server.client, database }, plan.seed);
    const random = seeded(plan.seed);
    let serverKills = 0;
    for (let kills = 1; kills <= plan.kills; kills++) {
      const slot = random(replicas.length);
      const struck = replicas[slot]!;
      const blow = { at: 1 + random(FARTHEST_MESSAGE), kind: LAST_WORDS[random(LAST_WORDS.length)]! };
      // Where a client has given up there is a difference.
      const where = await Promise.race([killAt(struck, blow), load.failed.then(() => undefined)]);
      if (where === undefined) break;
      const isServerDue = serverKills < Math.floor((kills * plan.serverKills) / plan.kills);
      if (isServerDue) serverKills++;
      plan.tell(`killed ${kills}: ${blow.kind} ${where}${isServerDue ? ', and the database' : ''}`);
      const started = start();
      await Promise.all([started, isServerDue ? server.kill() : undefined]);
      replicas[slot] = await started;
      await struck.stop();
      await endLease(server.client, database);
    }
    const difference = await load.finish();
    plan.tell(load.told());
    return difference;
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
}

/** Kills it at one of the messages from now on; fulfilled with that. */
function killAt(struck: Replica, blow: { readonly at: number; readonly kind: FaultKind }): Promise<string> {
  return new Promise((resolve) => {
    const onFault = () => {
      struck.kill();
      resolve(struck.proxy.seen().at(-1) ?? '');
    };
    struck.proxy.mark({ ...blow, onFault });
  });
}
