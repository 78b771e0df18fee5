import type { RequestKey } from '../../../platform/request-key.js';
import { accountAtItsTurn } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import { insertEvents } from '../events/event-store.js';
import { changeWalletOnce } from './change-wallet.js';
import { walletAtItsTurn } from './get-wallet.js';
import { change, openPurse } from './purse.js';
import { writePurses } from './purse-store.js';
import { type Wallet, type WalletLimits, type WalletName, refuseUnitCredit } from './wallet.js';

export type SetWalletLimitsInput = {
  readonly name: WalletName;
  readonly limits: WalletLimits;
  readonly request: RequestKey | undefined;
};

/**
 * Sets all limits of a wallet. A credit limit below what is owed takes nothing back. Throws ACCOUNT_NOT_FOUND,
 * WALLET_NOT_FOUND, INVALID_REQUEST for credit of units, and REQUEST_ID_REUSED.
 */
export function setWalletLimits(
  { name, limits, request }: SetWalletLimitsInput,
  ports: AccountPorts,
): Promise<Wallet> {
  const { store, clock } = ports;
  return changeWalletOnce(request, ports, async (session) => {
    await accountAtItsTurn(store, name.account, session);
    const found = await walletAtItsTurn(store, name, session);
    refuseUnitCredit(found.unit, limits);
    const purse = openPurse(name.account, [found]);
    change(purse, name.wallet, (wallet) => ({ ...wallet, ...limits }));
    const told = await writePurses(store, new Map([[name.account, purse]]), clock.now(), session);
    await insertEvents(store, told, session);
    return purse.wallets[0] ?? found;
  });
}
