import {
  pageOf,
  pagePosition,
  pageSize,
  pageToken,
  type Page,
  type PageInput,
} from '../../../platform/page.js';
import type { Account } from './account.js';
import { accountsAfter } from './account-store.js';
import type { AccountPorts } from './ports.js';

/** Every account, by id. */
export async function listAccounts(page: PageInput, { store }: AccountPorts): Promise<Page<Account>> {
  const size = pageSize(page);
  const found = await accountsAfter(store, pagePosition('accounts', page) ?? '', size + 1);
  return pageOf(found, size, ({ id }) => pageToken('accounts', id));
}
