import { takeAccountTurn } from '../accounts/account-store.js';
import type { AccountPorts } from '../accounts/ports.js';
import { insertEvents } from '../events/event-store.js';
import { openPurse } from './purse.js';
import { writePurses } from './purse-store.js';
import { findExpired, findWallet } from './wallet-store.js';

/** Wallets that one run looks after; those that are left come first in the next. */
const MOST = 1_000;

/**
 * Posts what has expired in wallets that nothing else has happened to since. It counts for nothing from its instant on
 * anyhow, so that nobody waits for this. Several runs at once do no harm. Returns how many wallets it has written.
 */
export async function expireGrants({ store, clock }: Pick<AccountPorts, 'store' | 'clock'>): Promise<number> {
  const names = await findExpired(store, clock.now(), MOST);
  for (const name of names)
    await store.mongo.transaction(async (session) => {
      await takeAccountTurn(store, name.account, session);
      const wallet = await findWallet(store, name, session);
      if (wallet === undefined) return;
      const purses = new Map([[name.account, openPurse(name.account, [wallet])]]);
      await insertEvents(store, await writePurses(store, purses, clock.now(), session), session);
    });
  return names.length;
}
