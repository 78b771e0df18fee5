import { type AtTurn, findTurn } from '../accounts/account-store.js';
import type { StoredWindows } from '../recording/window-store.js';
import { windowsAfter } from '../recording/windows-after.js';
import { openPurse } from '../wallets/purse.js';
import { type Purses, walletsAfter } from '../wallets/purse-store.js';
import type { Store } from '../store.js';
import type { Wallet } from '../wallets/wallet.js';
import type { Hold } from './hold.js';
import type { HoldBatch } from './hold-batch.js';

/**
 * How an account stands after a transaction of this process, so that the next one need not read it again. Whatever changes
 * any of it takes the account's turn, so that it is true for as long as that turn is the last; and whoever decides by it
 * takes the turn that follows, or stores nothing.
 */
export type Standing = {
  /** At the turn that the transaction took. */
  readonly at: AtTurn;
  readonly windows: StoredWindows;
  /** None where no subscription is prepaid. */
  readonly wallets: readonly Wallet[];
  /** Some of those that are open, by `holdKey`. */
  readonly holds: ReadonlyMap<string, Hold>;
};

/** By account; those that were worked with last. */
export type Standings = Map<string, Standing>;

const MOST_ACCOUNTS = 1_000;
const MOST_HOLDS = 1_000;

/** Takes out how an account stands: nothing of it may be left when what comes now fails. */
export function takeStanding(standings: Standings, account: string): Standing | undefined {
  const standing = standings.get(account);
  standings.delete(account);
  return standing;
}

/** Notes how an account stands; those that were noted longest ago are forgotten. */
export function leaveStanding(standings: Standings, standing: Standing): void {
  standings.set(standing.at.account.id, standing);
  const [oldest] = standings.keys();
  if (standings.size > MOST_ACCOUNTS && oldest !== undefined) standings.delete(oldest);
}

/** How an account stands once the turn after the one at which it was seen is taken, and the batch stored. */
export function standingAfter(at: AtTurn, { batch, purse, holds }: HoldBatch): Standing {
  const open = [...holds].filter(([, { state }]) => state === 'open');
  return {
    at: { ...at, turn: at.turn + 1 },
    windows: windowsAfter(batch.found, batch.moved),
    wallets: purse === undefined ? [] : walletsAfter(purse, batch.recordedAt),
    holds: new Map(open.slice(-MOST_HOLDS)),
  };
}

/** Whether nothing has happened to the account since. */
export async function isLast(store: Store, { at }: Standing): Promise<boolean> {
  return (await findTurn(store, at.account.id)) === at.turn;
}

/** What the account's usage is paid from, as `findPurses` has it. */
export function pursesOf({ at, wallets }: Standing): Purses {
  const prepaid = at.subscriptions.filter((one) => one.prepaid).map(({ id }) => id);
  const { id } = at.account;
  return new Map(prepaid.length === 0 ? [] : [[id, openPurse(id, wallets, prepaid)]]);
}
