import { firstDifference } from './check.js';
import { openJournal } from './journal.js';
import { FAULT_KINDS, type FaultKind } from './proxy.js';
import { type Replica, endLease, startReplica, startService } from './replica.js';
import { type Scene, calmSender } from './scenes.js';
import type { Server } from './server.js';
import { publish } from './strategies.js';

/** What befalls a service at one message to its database: a fault of the network, or its end in that moment. */
export type Blow = { readonly kind: FaultKind; readonly isKilled: boolean };

export const BLOWS: readonly Blow[] = [
  ...FAULT_KINDS.map((kind) => ({ kind, isKilled: false })),
  { kind: 'cut before', isKilled: true },
  { kind: 'cut after', isKilled: true },
];

export type Sweep = {
  /** What the service asks of the database in the scene, when nothing goes wrong. */
  readonly messages: readonly string[];
  /** Plays the scene on accounts of its own, with one blow at the message of this number; the difference, if any. */
  readonly strike: (blow: Blow, at: number) => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
};

/** How often a service looks for what has fallen due that is there to do so. */
const DUE_EVERY_MS = 100;

/** A service on a database of its own, and a calm one beside it that nothing befalls. A killed one is replaced by the next. */
export async function openSweep(server: Server, database: string, scene: Scene): Promise<Sweep> {
  const start = () =>
    startReplica(server, database, {
      dueEveryMs: scene.isDue === true ? DUE_EVERY_MS : 0,
      // Between two runs it looks whether there is anything to do, over and over.
      isCounted: ({ isInTransaction }) => isInTransaction || scene.isDue !== true,
    });
  let current: Replica = await start();
  const calm = await startService(server.uri, database, { dueEveryMs: 0 });
  const stored = { client: server.client, database };
  let cases = 0;
  await publish(calm);

  const prepare = async () => {
    const accounts = Array.from({ length: scene.accounts }, (_, i) => `${'abcd'[i] ?? ''}${cases}`);
    cases++;
    const journal = openJournal(accounts);
    const sender = calmSender(calm, journal);
    const play = await scene.prepare(accounts, sender, stored);
    return {
      play: () => play({ ...sender, target: () => current }),
      verdict: () => firstDifference(journal, stored, current),
    };
  };

  const first = await prepare();
  current.proxy.mark();
  await first.play();
  const messages = [...current.proxy.seen()];
  const difference = await first.verdict();
  if (difference !== undefined) throw new Error(`Without any fault: ${difference}`);

  return {
    messages,
    strike: async ({ kind, isKilled }, at) => {
      const { play, verdict } = await prepare();
      const struck = current;
      const blow = new Promise<boolean>((resolve) => {
        const onFault = () => {
          if (isKilled) struck.kill();
          resolve(true);
        };
        struck.proxy.mark({ at, kind, onFault });
      });
      const played = play();
      const isStruck = await Promise.race([blow, played.then(() => false)]);
      if (!isStruck) return `There was no message ${at}.`;
      if (isKilled) {
        current = await start();
        await struck.stop();
        await endLease(server.client, database);
      }
      await played;
      return verdict();
    },
    stop: async () => {
      await current.stop();
      await calm.stop();
    },
  };
}
