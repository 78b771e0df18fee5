import {
  type Page,
  type PageInput,
  pageOf,
  pagePosition,
  pageSize,
  pageToken,
} from '../../../platform/page.js';
import type { AccountPorts } from '../accounts/ports.js';
import { getWallet } from './get-wallet.js';
import type { Posting } from './posting.js';
import { type WalletName, walletName } from './wallet.js';
import { postingsAfter } from './wallet-store.js';

/** What the ledger has of a wallet, oldest first. Throws WALLET_NOT_FOUND. */
export async function listWalletPostings(
  name: WalletName,
  page: PageInput,
  ports: AccountPorts,
): Promise<Page<Posting>> {
  const list = `${walletName(name)}/postings`;
  const size = pageSize(page);
  const after = Number(pagePosition(list, page) ?? 0);
  const found = await postingsAfter(ports.store, name, after, size + 1);
  // A wallet that nothing was put into has an empty list; no wallet has none.
  if (found.length === 0) await getWallet(name, ports);
  return pageOf(found, size, ({ number }) => pageToken(list, number.toString()));
}
