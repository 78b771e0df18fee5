import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../bench/quote-inputs.js';
import type { Database } from './checks/stored.js';
import { firstDifference } from './check.js';
import { correctionClient } from './clients/corrections.js';
import { holdClient } from './clients/holds.js';
import { moneyClient } from './clients/money.js';
import { planClient } from './clients/plans.js';
import { usageClient } from './clients/usage.js';
import { openJournal } from './journal.js';
import type { Service } from './replica.js';
import type { Sender } from './send.js';
import { openPostpaid, openPrepaid, publish } from './strategies.js';

const POSTPAID = ['p', 'q', 'r'];
const PREPAID = ['s', 't', 'u'];
const ALL = [...POSTPAID, ...PREPAID];
/** Enough for a while; then it depends on what is put in. */
const FIRST_GRANT = 3_000;
/** From one step of a client to the next: leaves the machine room to start what was killed. */
const PAUSE_MS = 50;

/** A client does one thing after the other. */
type Client = (sender: Sender, accounts: readonly string[]) => () => Promise<void>;

/** They all work on the same accounts, so that they meet. */
const CLIENTS: readonly (readonly [name: string, client: Client, accounts: readonly string[]])[] = [
  ['ann', usageClient, ALL],
  ['bob', usageClient, ALL],
  ['cid', usageClient, PREPAID],
  ['cor', correctionClient, ALL],
  ['hal', holdClient, PREPAID],
  ['hea', holdClient, PREPAID],
  ['mia', moneyClient, PREPAID],
  ['pia', planClient, ALL],
  ['pol', planClient, ALL],
];

export type Load = {
  /** Fulfilled when a client has given up, with why. */
  readonly failed: Promise<string>;
  /** Has the clients end what they are at. The result is the first difference. */
  readonly finish: () => Promise<string | undefined>;
  /** What was sent so far, in a few words. */
  readonly told: () => string;
};

/** Opens the accounts and has clients send to these services, whichever they are by then, until it is finished. */
export async function startLoad(services: readonly Service[], at: Database, seed: number): Promise<Load> {
  const [first] = services as readonly [Service, ...Service[]];
  await publish(first);
  await openPostpaid(first, POSTPAID);
  await openPrepaid(first, PREPAID, FIRST_GRANT);
  const journal = openJournal(ALL);
  const state = { isOver: false };
  const running = CLIENTS.map(([client, start, accounts], i) => {
    const random = seeded(seed + i + 1);
    const target = () => services[random(services.length)]!;
    return run(start({ client, random, target, journal }, accounts), client, state);
  });
  const failed = new Promise<string>((resolve) => {
    for (const one of running)
      void one.then((why) => {
        if (why !== undefined) resolve(why);
      });
  });
  return {
    failed,
    finish: async () => {
      state.isOver = true;
      const why = (await Promise.all(running)).find((one) => one !== undefined);
      return why ?? (await firstDifference(journal, at, services[0]!));
    },
    told: () =>
      `${journal.uses.size} uses, ${journal.acts.size} other requests, ${journal.plans.size} subscriptions to seats`,
  };
}

/** The result tells what went wrong. */
async function run(
  step: () => Promise<void>,
  client: string,
  state: { readonly isOver: boolean },
): Promise<string | undefined> {
  try {
    while (!state.isOver) {
      await step();
      await pause(PAUSE_MS);
    }
    return undefined;
  } catch (error) {
    return `${client} was refused: ${String(error)}`;
  }
}
