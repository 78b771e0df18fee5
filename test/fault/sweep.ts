import { firstDifference } from './check.js';
import { type Journal, deliver } from './deliver.js';
import { FAULT_KINDS, type FaultKind } from './proxy.js';
import { type Replica, startReplica } from './replica.js';
import type { Server } from './server.js';
import { type Use, openAccounts, publish } from './uses.js';

/** What befalls a service at one message to its database: a fault of the network, or its end in that moment. */
export type Blow = { readonly kind: FaultKind; readonly isKilled: boolean };

export const BLOWS: readonly Blow[] = [
  ...FAULT_KINDS.map((kind) => ({ kind, isKilled: false })),
  { kind: 'cut before', isKilled: true },
  { kind: 'cut after', isKilled: true },
];

export type Sweep = {
  /** What the service asks of the database for the batch, when nothing goes wrong. */
  readonly messages: readonly string[];
  /** Records the batch on accounts of its own, with one blow at the message of this number; the difference, if any. */
  readonly strike: (blow: Blow, at: number) => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
};

/** A service on a database of its own. A killed one is replaced by the next. */
export async function openSweep(server: Server, database: string): Promise<Sweep> {
  let current: Replica = await startReplica(server, database);
  const stored = { client: server.client, database };
  let cases = 0;
  await publish(current);

  const prepare = async (): Promise<{ journal: Journal; batch: readonly Use[] }> => {
    const accounts = ['a', 'b', 'c', 'd'].map((letter) => `${letter}${cases}`);
    cases++;
    const journal: Journal = new Map();
    const batch = batchFor(accounts);
    await openAccounts(current, accounts);
    await deliver(batch.slice(0, KNOWN), () => current, journal);
    return { journal, batch };
  };

  /** Sends all again and compares. */
  const verdict = async (journal: Journal, batch: readonly Use[]) => {
    await deliver(batch, () => current, journal);
    return firstDifference(journal, stored, current);
  };

  const first = await prepare();
  current.proxy.mark();
  await deliver(first.batch, () => current, first.journal);
  const messages = [...current.proxy.seen()];
  const difference = await verdict(first.journal, first.batch);
  if (difference !== undefined) throw new Error(`Without any fault: ${difference}`);

  return {
    messages,
    strike: async ({ kind, isKilled }, at) => {
      const { journal, batch } = await prepare();
      const struck = current;
      const blow = new Promise<boolean>((resolve) => {
        const onFault = () => {
          if (isKilled) struck.kill();
          resolve(true);
        };
        struck.proxy.mark({ at, kind, onFault });
      });
      const sent = deliver(batch, () => current, journal);
      const isStruck = await Promise.race([blow, sent.then(() => false)]);
      if (!isStruck) return `There was no message ${at}.`;
      if (isKilled) {
        current = await startReplica(server, database);
        await struck.stop();
      }
      await sent;
      return verdict(journal, batch);
    },
    stop: () => current.stop(),
  };
}

/** So many uses of the batch are recorded before. */
const KNOWN = 6;
const USES = 40;

/** Uses of four accounts by turns; one of them has no price, one is refused, one comes twice. */
function batchFor(accounts: readonly string[]): readonly Use[] {
  const uses = Array.from({ length: USES }, (_, i): Use => ({
    account: accounts[i % accounts.length] ?? '',
    id: `u${i}`,
    client: 'sweep',
    place: i,
    day: 1 + (i % 3),
    units: 1 + ((i * 7) % 19),
    region: i % 5 < 3 ? 'east' : 'west',
    kind: i === 17 ? 'odd' : i === 22 ? 'banned' : 'plain',
  }));
  return [...uses.slice(0, 30), ...uses.slice(12, 13), ...uses.slice(30)];
}
