import { type Replica, type Service, endLease, startReplica, startService } from './replica.js';
import type { Server } from './server.js';
import { publish } from './strategies.js';

/** Two services over one database: what is struck, and one beside it that nothing befalls. */
export type Stage = {
  readonly server: Server;
  readonly database: string;
  readonly calm: Service;
  /** A killed one is replaced by the next. */
  readonly current: () => Replica;
  readonly replace: () => Promise<void>;
  /** Each case has accounts of its own. */
  readonly nextCase: () => number;
  readonly stop: () => Promise<void>;
};

/** How often a service looks for what has fallen due that is there to do so. */
const DUE_EVERY_MS = 100;
/** Nothing expires here, and looking for it would be counted. */
const NEVER_MS = 3_600_000;

/** `isDue`: what is struck rates what falls due. Only that is counted then, since in between it looks for more all the time. */
export async function openStage(server: Server, database: string, isDue: boolean): Promise<Stage> {
  const start = () =>
    startReplica(server, database, {
      dueEveryMs: isDue ? DUE_EVERY_MS : 0,
      expireEveryMs: NEVER_MS,
      isCounted: ({ isInTransaction }) => isInTransaction || !isDue,
    });
  const [first, calm] = await Promise.all([start(), startService(server.uri, database, { dueEveryMs: 0 })]);
  let current = first;
  let cases = 0;
  await publish(calm);
  return {
    server,
    database,
    calm,
    current: () => current,
    nextCase: () => cases++,
    replace: async () => {
      const killed = current;
      current = await start();
      await killed.stop();
      await endLease(server.client, database);
    },
    stop: async () => {
      await Promise.all([current.stop(), calm.stop()]);
    },
  };
}
