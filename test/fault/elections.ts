import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../bench/quote-inputs.js';
import { startLoad } from './load.js';
import { OFTEN, startService } from './replica.js';
import type { ReplicaSet } from './set.js';

export type ElectionPlan = {
  readonly elections: number;
  readonly seed: number;
  readonly tell: (text: string) => void;
};

const BLOWS = ['stepDown', 'freeze', 'kill'] as const;
/** Enough that a new primary takes batches before it is struck in its turn. */
const BETWEEN_MS = 1_500;

/**
 * Two services serve clients that send all the time, while the primary of their replica set steps down, stands still or
 * is killed, again and again. In the end all is sent again; the result is the first difference.
 */
export async function runElections(
  set: ReplicaSet,
  database: string,
  { elections, seed, tell }: ElectionPlan,
): Promise<string | undefined> {
  const start = () => startService(set.uri, database, OFTEN);
  const services = [await start(), await start()];
  try {
    const load = await startLoad(services, { client: set.client, database }, seed);
    const random = seeded(seed);
    for (let i = 1; i <= elections; i++) {
      const blow = BLOWS[random(BLOWS.length)]!;
      tell(`election ${i}: ${blow}`);
      await set[blow]();
      await pause(BETWEEN_MS);
    }
    const difference = await load.finish();
    tell(load.told());
    return difference;
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}
