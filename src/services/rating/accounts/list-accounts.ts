import {
  pageFound,
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
  const found = await accountsAfter(store, pagePosition('accounts', page) ?? '', pageSize(page));
  return pageFound(found, ({ id }) => pageToken('accounts', id));
}
