import { type AtTurn, findAccountTurns } from '../accounts/account-store.js';
import { type StoredWindows, NO_WINDOWS } from '../recording/window-store.js';
import { windowsAfter } from '../recording/windows-after.js';
import type { Store } from '../store.js';
import { walletsAfter } from '../wallets/purse-store.js';
import type { Wallet } from '../wallets/wallet.js';
import { findWalletsOf } from '../wallets/wallet-store.js';
import type { Hold } from './hold.js';
import type { HoldBatch } from './hold-batch.js';

/**
 * How an account stands, as it was read or as a transaction of this process has left it, so that the next one need not
 * read it again. Whatever changes any of it takes the account's turn: it is true for as long as that turn is the last, and
 * whoever decides by it takes the turn that follows, or stores nothing.
 */
export type Standing = {
  /** At the turn that was taken last. */
  readonly at: AtTurn;
  /** None where no subscription is prepaid. */
  readonly wallets: readonly Wallet[];
  /** Those that the last requests have asked for. */
  readonly windows: StoredWindows;
  /** Some of those that are open, by `holdKey`. */
  readonly holds: ReadonlyMap<string, Hold>;
};

/** By account; those that were left last. Who works with one takes it out, so that nothing is left where that fails. */
export type Standings = Map<string, Standing>;

const MOST_ACCOUNTS = 200;
/** Of one account: as many as are stored together. */
const MOST_HOLDS = 250;

/** How the account stands, from the database only where this process has not left it; undefined when there is none. */
export async function takeStanding(
  standings: Standings,
  account: string,
  store: Store,
): Promise<Standing | undefined> {
  const left = standings.get(account);
  standings.delete(account);
  return left ?? readStanding(account, store);
}

/** The turn before all else: what is read later is as new as that turn, or newer, and then the turn is not the last. */
async function readStanding(account: string, store: Store): Promise<Standing | undefined> {
  const [at] = await findAccountTurns(store, [account]);
  if (at === undefined) return undefined;
  const isPrepaid = at.subscriptions.some((one) => one.prepaid);
  const wallets = isPrepaid ? await findWalletsOf(store, [account]) : [];
  return { at, wallets, windows: NO_WINDOWS, holds: new Map() };
}

/** Leaves an account as it stands; those that were left longest ago are forgotten. */
export function leaveStanding(standings: Standings, standing: Standing): void {
  standings.set(standing.at.account.id, standing);
  const [oldest] = standings.keys();
  if (standings.size > MOST_ACCOUNTS && oldest !== undefined) standings.delete(oldest);
}

/** The same once the next turn is taken and a batch stored that was worked out from it. */
export function standingAfter({ at }: Standing, { batch, purse, holds }: HoldBatch): Standing {
  const open = [...holds].filter(([, { state }]) => state === 'open');
  return {
    at: { ...at, turn: at.turn + 1 },
    wallets: purse === undefined ? [] : walletsAfter(purse, batch.recordedAt),
    windows: windowsAfter(batch.found, batch.moved),
    holds: new Map(open.slice(-MOST_HOLDS)),
  };
}
