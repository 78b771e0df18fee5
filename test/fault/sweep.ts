import { firstDifference } from './check.js';
import { openJournal } from './journal.js';
import { FAULT_KINDS, type FaultKind } from './proxy.js';
import type { Scene } from './scenes.js';
import type { Sender } from './send.js';
import type { Stage } from './stage.js';

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
};

/** Plays a scene without any blow, to see what there is to strike at. */
export async function openSweep(stage: Stage, scene: Scene): Promise<Sweep> {
  // The first time it may have to wait for news of what is published.
  await (await prepare(stage, scene)).play();
  const first = await prepare(stage, scene);
  stage.current().proxy.mark();
  await first.play();
  const messages = [...stage.current().proxy.seen()];
  const difference = await first.verdict();
  if (difference !== undefined) throw new Error(`Without any fault: ${difference}`);
  return {
    messages,
    strike: async (blow, at) => strike(await prepare(stage, scene), stage, { ...blow, at }),
  };
}

type Prepared = {
  readonly play: () => Promise<unknown>;
  readonly verdict: () => Promise<string | undefined>;
};

async function prepare(
  { server, database, calm, current, nextCase }: Stage,
  scene: Scene,
): Promise<Prepared> {
  const number = nextCase();
  const accounts = Array.from({ length: scene.accounts }, (_, i) => `${'abcd'[i] ?? ''}${number}`);
  const journal = openJournal(accounts);
  const sender: Sender = { client: 'sweep', random: (below) => below - 1, target: () => calm, journal };
  const stored = { client: server.client, database };
  const play = await scene.prepare(accounts, sender, stored);
  return {
    play: () => play({ ...sender, target: current }),
    verdict: () => firstDifference(journal, stored, current()),
  };
}

async function strike(
  { play, verdict }: Prepared,
  stage: Stage,
  { at, kind, isKilled }: Blow & { readonly at: number },
): Promise<string | undefined> {
  const struck = stage.current();
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
  if (isKilled) await stage.replace();
  await played;
  return verdict();
}
