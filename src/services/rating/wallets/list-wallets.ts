import {
  type Page,
  type PageInput,
  pageOf,
  pagePosition,
  pageSize,
  pageToken,
} from '../../../platform/page.js';
import { accountName } from '../accounts/account.js';
import { getAccount } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Wallet } from './wallet.js';
import { walletsAfter } from './wallet-store.js';

/** The wallets of an account by id. Throws ACCOUNT_NOT_FOUND. */
export async function listWallets(
  account: string,
  page: PageInput,
  ports: AccountPorts,
): Promise<Page<Wallet>> {
  const list = `${accountName(account)}/wallets`;
  const size = pageSize(page);
  const found = await walletsAfter(ports.store, account, pagePosition(list, page) ?? '', size + 1);
  // An account without wallets has an empty list; no account has none.
  if (found.length === 0) await getAccount(account, ports);
  return pageOf(found, size, ({ wallet }) => pageToken(list, wallet));
}
