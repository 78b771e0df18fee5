import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../bench/quote-inputs.js';
import { firstDifference } from './check.js';
import type { Journal } from './deliver.js';
import { ACCOUNTS, CLIENTS, sendOn } from './random.js';
import { startService } from './replica.js';
import type { ReplicaSet } from './set.js';
import { openAccounts, publish } from './uses.js';

export type ElectionPlan = {
  readonly elections: number;
  readonly seed: number;
  readonly tell: (text: string) => void;
};

const BLOWS = ['stepDown', 'freeze', 'kill'] as const;
/** Enough that a new primary takes batches before it is struck in its turn. */
const BETWEEN_MS = 1_500;

/**
 * Two services record for clients that send all the time, while the primary of their replica set steps down, stands
 * still or is killed, again and again. In the end all is sent again; the result is the first difference.
 */
export async function runElections(
  set: ReplicaSet,
  database: string,
  { elections, seed, tell }: ElectionPlan,
): Promise<string | undefined> {
  const services = [await startService(set.uri, database), await startService(set.uri, database)];
  const journal: Journal = new Map();
  const state = { isOver: false };
  try {
    await publish(services[0]!);
    await openAccounts(services[0]!, ACCOUNTS);
    const sent = CLIENTS.map((client, i) =>
      sendOn({ client, random: seeded(seed + i + 1), replicas: services, journal }, state),
    );
    const random = seeded(seed);
    for (let i = 1; i <= elections; i++) {
      const blow = BLOWS[random(BLOWS.length)]!;
      tell(`election ${i}: ${blow}`);
      await set[blow]();
      await pause(BETWEEN_MS);
    }
    state.isOver = true;
    const failed = (await Promise.all(sent)).find((failure) => failure !== undefined);
    tell(`${journal.size} uses were sent`);
    return failed ?? (await firstDifference(journal, { client: set.client, database }, services[0]!));
  } finally {
    state.isOver = true;
    await Promise.all(services.map((service) => service.stop()));
  }
}
