import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../bench/quote-inputs.js';
import { firstDifference } from './check.js';
import { type Journal, deliver } from './deliver.js';
import type { FaultKind } from './proxy.js';
import { type Replica, type Service, startReplica } from './replica.js';
import type { Server } from './server.js';
import { type Use, openAccounts, publish } from './uses.js';

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

/** Enough for more than one batch: a blow falls anywhere in it. */
const FARTHEST_MESSAGE = 24;
export const ACCOUNTS = ['p', 'q', 'r', 's', 't', 'u'];
export const CLIENTS = ['ann', 'bob', 'cid', 'dee'];
const MOST_USES = 24;
/** From batch to batch of a client: leaves the machine room to start what was killed. */
const PAUSE_MS = 50;

/**
 * Two replicas serve clients that send batches all the time, to the same accounts, while one or the other is killed in
 * the middle of its work, and at times the database. In the end all is sent again; the result is the first difference.
 */
export async function runRandom(server: Server, database: string, plan: Plan): Promise<string | undefined> {
  const replicas = [await startReplica(server, database), await startReplica(server, database)];
  const journal: Journal = new Map();
  try {
    await publish(replicas[0]!);
    await openAccounts(replicas[0]!, ACCOUNTS);
    const state = { isOver: false };
    const sent = CLIENTS.map((client, i) =>
      sendOn({ client, random: seeded(plan.seed + i + 1), replicas, journal }, state),
    );
    await strike(server, database, { plan, replicas, sent });
    state.isOver = true;
    const failed = (await Promise.all(sent)).find((failure) => failure !== undefined);
    return failed ?? (await firstDifference(journal, { client: server.client, database }, replicas[0]!));
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
}

type Sender = {
  readonly client: string;
  readonly random: (below: number) => number;
  readonly replicas: readonly Service[];
  readonly journal: Journal;
};

/** Sends batch after batch until it is over, and then all of them once more. The result tells what went wrong. */
export async function sendOn(
  { client, random, replicas, journal }: Sender,
  state: { readonly isOver: boolean },
): Promise<string | undefined> {
  const target = () => replicas[random(replicas.length)]!;
  const sent: Use[][] = [];
  const used: Use[] = [];
  try {
    while (!state.isOver) {
      const fresh = Array.from({ length: 1 + random(MOST_USES) }, (_, i) =>
        useOf(client, used.length + i, random),
      );
      used.push(...fresh);
      const batch = [...fresh, used[random(used.length)]!];
      sent.push(batch);
      await deliver(batch, target, journal);
      await pause(PAUSE_MS);
    }
    for (const batch of sent) await deliver(batch, target, journal);
    return undefined;
  } catch (error) {
    return `${client} was refused: ${String(error)}`;
  }
}

function useOf(client: string, place: number, random: (below: number) => number): Use {
  return {
    account: ACCOUNTS[random(ACCOUNTS.length)]!,
    id: `${client}-${place}`,
    client,
    place,
    day: 1 + random(28),
    units: 1 + random(40),
    region: random(2) === 0 ? 'east' : 'west',
    kind: random(20) === 0 ? 'odd' : random(20) === 0 ? 'banned' : 'plain',
  };
}

type Struck = {
  readonly plan: Plan;
  readonly replicas: Replica[];
  readonly sent: readonly Promise<unknown>[];
};

/** Kills replicas one after the other, and the database every so often while the next one starts. */
async function strike(server: Server, database: string, { plan, replicas, sent }: Struck): Promise<void> {
  const random = seeded(plan.seed);
  let serverKills = 0;
  for (let kills = 1; kills <= plan.kills; kills++) {
    const slot = random(replicas.length);
    const struck = replicas[slot]!;
    const at = 1 + random(FARTHEST_MESSAGE);
    const kind = LAST_WORDS[random(LAST_WORDS.length)]!;
    const blow = new Promise<string>((resolve) => {
      const onFault = () => {
        struck.kill();
        resolve(struck.proxy.seen().at(-1) ?? '');
      };
      struck.proxy.mark({ at, kind, onFault });
    });
    const where = await Promise.race([blow, ...sent.map((one) => one.then(() => undefined))]);
    // A client has given up: there is a difference.
    if (where === undefined) return;
    const isServerDue = serverKills < Math.floor((kills * plan.serverKills) / plan.kills);
    if (isServerDue) serverKills++;
    plan.tell(`killed ${kills}: ${kind} ${where}${isServerDue ? ', and the database' : ''}`);
    const started = startReplica(server, database);
    await Promise.all([started, isServerDue ? server.kill() : undefined]);
    replicas[slot] = await started;
    await struck.stop();
  }
}
