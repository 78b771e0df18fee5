import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { getAccount } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Store } from '../store.js';
import { type Wallet, type WalletName, walletName } from './wallet.js';
import { findWallet } from './wallet-store.js';

/** One wallet. Throws WALLET_NOT_FOUND, or ACCOUNT_NOT_FOUND when there is no such account either. */
export async function getWallet(name: WalletName, ports: AccountPorts): Promise<Wallet> {
  const found = await findWallet(ports.store, name);
  if (found === undefined) await getAccount(name.account, ports);
  return existing(name, found);
}

/** The wallet in a transaction that has taken the turn of its account. Throws WALLET_NOT_FOUND. */
export async function walletAtItsTurn(store: Store, name: WalletName, session: Session): Promise<Wallet> {
  return existing(name, await findWallet(store, name, session));
}

function existing(name: WalletName, found: Wallet | undefined): Wallet {
  if (found !== undefined) return found;
  throw new RatebookError(
    'WALLET_NOT_FOUND',
    `There is no wallet ${walletName(name)}; list the wallets of the account, or create this one first.`,
    { metadata: { account: name.account, wallet: name.wallet } },
  );
}
