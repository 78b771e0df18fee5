import { setTimeout as pause } from 'node:timers/promises';
import { amend } from './clients/corrections.js';
import { commit, reserve } from './clients/holds.js';
import { confirm, purchase } from './clients/money.js';
import { closeStatement, subscribe } from './clients/plans.js';
import { type Database, collection } from './checks/stored.js';
import { type Sender, deliver } from './send.js';
import { openPostpaid, openPrepaid } from './strategies.js';
import { DAY_SECONDS } from './plans.js';
import { type Use, useOf } from './uses.js';

/** Something that a service does, struck at each message to the database that it takes. */
export type Scene = {
  readonly name: string;
  /** Messages that are among them. */
  readonly about: readonly string[];
  /** How many accounts it is about. */
  readonly accounts: number;
  /** Whether it is a run in the background that does it, and not a request. */
  readonly isDue?: boolean;
  /** Does what comes before, by way of a service that nothing befalls; the result is what is struck. */
  readonly prepare: (accounts: readonly string[], calm: Sender, at: Database) => Promise<Struck>;
};

export type Struck = (sender: Sender) => Promise<unknown>;

const THREE_DAYS = 3 * DAY_SECONDS;
const LOOK_MS = 20;

export const SCENES: readonly Scene[] = [
  {
    name: 'a batch of uses',
    about: ['update accounts', 'insert ratings', 'update windows', 'insert postings'],
    accounts: 4,
    prepare: async (accounts, calm) => {
      const service = calm.target();
      await openPostpaid(service, accounts.slice(0, 2));
      await openPrepaid(service, accounts.slice(2), 2_000);
      const batch = batchFor(accounts);
      await deliver(batch.slice(0, KNOWN), calm);
      return (sender) => deliver(batch, sender);
    },
  },
  {
    name: 'a batch in parts',
    about: ['insert ratings', 'update windows'],
    accounts: 2,
    prepare: async (accounts, calm) => {
      await openPostpaid(calm.target(), accounts);
      const batch = batchFor(accounts, 300);
      await deliver(batch.slice(0, KNOWN), calm);
      return (sender) => deliver(batch, sender);
    },
  },
  {
    name: 'an amendment',
    about: ['find ratings', 'insert ratings', 'update wallets'],
    accounts: 1,
    prepare: async (accounts, calm) => {
      const use = await prepaidUse(accounts, calm);
      await deliver([use], calm);
      return (sender) => amend({ ...use, units: use.units + 5 }, sender);
    },
  },
  {
    name: 'a reservation',
    about: ['find holds', 'update accounts', 'insert holds', 'update wallets'],
    accounts: 1,
    prepare: async (accounts, calm) => {
      const use = await prepaidUse(accounts, calm);
      return (sender) => reserve(use, sender);
    },
  },
  {
    name: 'a commit',
    about: ['find holds', 'insert ratings', 'update holds', 'insert postings'],
    accounts: 1,
    prepare: async (accounts, calm) => {
      const use = await prepaidUse(accounts, calm);
      await reserve(use, calm);
      return (sender) => commit({ ...use, units: 1 }, sender);
    },
  },
  {
    name: 'a confirmed purchase',
    about: ['find orders', 'insert ratings', 'update orders', 'insert grants'],
    accounts: 1,
    prepare: async ([account = ''], calm) => {
      await openPrepaid(calm.target(), [account], 10);
      const bought = { account, id: 'pack', amount: 25 };
      await purchase(bought, calm);
      return (sender) => confirm(bought, sender);
    },
  },
  {
    name: 'a statement',
    about: ['insert ratings', 'insert statements', 'update periods'],
    accounts: 1,
    prepare: async ([account = ''], calm) => {
      await openPostpaid(calm.target(), [account]);
      await subscribe(`${account}/seats`, { start: ago(THREE_DAYS), count: 2 }, calm);
      return (sender) => closeStatement(`${account}/seats`, `close-${account}`, sender);
    },
  },
  {
    name: 'what falls due',
    about: ['update accounts', 'insert ratings', 'update periods'],
    accounts: 1,
    isDue: true,
    prepare: async ([account = ''], calm, at) => {
      await calm
        .target()
        .accounts.createAccount({ account: { name: `accounts/${account}`, currency: 'USD' } });
      return async () => {
        await subscribe(`${account}/seats`, { start: ago(THREE_DAYS), count: 2 }, calm);
        while ((await collection(at, 'ratings').countDocuments({ account })) === 0) await pause(LOOK_MS);
      };
    },
  },
];

function ago(seconds: number): number {
  return Math.floor(Date.now() / 1_000) - seconds;
}

async function prepaidUse([account = '']: readonly string[], calm: Sender): Promise<Use> {
  await openPrepaid(calm.target(), [account], 200);
  return useOf(calm, account, 0);
}

/** So many uses of the batch are recorded before. */
const KNOWN = 6;
const USES = 40;

/** Uses of the accounts by turns; one of them has no price, one is refused, one comes twice. */
function batchFor(accounts: readonly string[], count = USES): readonly Use[] {
  const uses = Array.from({ length: count }, (_, i): Use => ({
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
