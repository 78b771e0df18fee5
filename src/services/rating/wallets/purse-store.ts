import { ZERO } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { RatingEvent } from '../events/event.js';
import type { Rating } from '../recording/usage.js';
import type { Store } from '../store.js';
import { type Purse, change, openPurse, sweep } from './purse.js';
import { tell } from './tell.js';
import type { Wallet } from './wallet.js';
import { findGrants, findWalletsOf, insertGrants, insertPostings, updateWallets } from './wallet-store.js';

/** By account; of those that have a prepaid subscription. */
export type Purses = ReadonlyMap<string, Purse>;

/**
 * What the usage of these accounts is paid from; nothing is read where no subscription is prepaid. The grants that have
 * paid for ratings which may be taken back are there too, also where nothing is left of them.
 */
export async function findPurses(
  store: Store,
  turns: readonly AtTurn[],
  takenBack: readonly Rating[],
  session?: Session,
): Promise<Purses> {
  const purses = new Map<string, Purse>();
  const prepaid = turns.flatMap(({ subscriptions }) => subscriptions.filter((one) => one.prepaid));
  if (prepaid.length === 0) return purses;
  const accounts = new Set(prepaid.map(({ account }) => account));
  const wallets = await findWalletsOf(store, [...accounts], session);
  for (const account of accounts) {
    const ids = prepaid.filter((one) => one.account === account).map(({ id }) => id);
    const own = wallets.filter((one) => one.account === account);
    const purse = openPurse(account, own, ids);
    await addUsedUp(
      store,
      purse,
      takenBack.filter((one) => one.account === account),
      session,
    );
    purses.set(account, purse);
  }
  return purses;
}

async function addUsedUp(
  store: Store,
  purse: Purse,
  takenBack: readonly Rating[],
  session: Session | undefined,
): Promise<void> {
  const live = new Set(purse.wallets.flatMap(({ grants }) => grants.map(({ reference }) => reference)));
  const paid = new Set(takenBack.flatMap(({ settlements }) => settlements.map(({ grant }) => grant)));
  const missing = [...paid].filter((reference) => reference !== '' && !live.has(reference));
  if (missing.length === 0) return;
  for (const { wallet, grant } of await findGrants(store, purse.account, missing, session))
    change(purse, wallet, (now) => ({ ...now, grants: [...now.grants, { ...grant, remaining: ZERO }] }));
}

/** Stores what has become of them, without what has expired, and returns what there is to tell of it. */
export async function writePurses(
  store: Store,
  purses: Purses,
  at: Instant,
  session: Session,
): Promise<readonly RatingEvent[]> {
  const all = [...purses.values()];
  const closed = all.map((purse) => closePurse(purse, at));
  await updateWallets(
    store,
    closed.flatMap(({ changed }) => changed),
    session,
  );
  await insertPostings(
    store,
    all.flatMap(({ postings }) => postings),
    session,
  );
  await insertGrants(
    store,
    all.flatMap(({ granted }) => granted),
    session,
  );
  return closed.flatMap(({ events }) => events);
}

/** The wallets as they stand once that is stored. */
export function walletsAfter({ wallets, found }: Purse, at: Instant): readonly Wallet[] {
  return wallets.map((wallet, i) => (wallet === found[i] ? wallet : tell(wallet, at).wallet));
}

function closePurse(purse: Purse, at: Instant) {
  sweep(purse, at);
  const moved = purse.wallets.filter((wallet, i) => wallet !== purse.found[i]);
  const told = moved.map((wallet) => tell(wallet, at));
  return {
    changed: told.map(({ wallet }) => wallet),
    events: [...purse.events, ...told.flatMap(({ events }) => events)],
  };
}
