import {
  pageFound,
  pagePosition,
  pageSize,
  pageToken,
  type Page,
  type PageInput,
} from '../../../platform/page.js';
import { type Subscription, accountName } from './account.js';
import { subscriptionsAfter } from './account-store.js';
import { getAccount } from './get-account.js';
import type { AccountPorts } from './ports.js';

/** The subscriptions of an account, ended ones too, by id. Throws ACCOUNT_NOT_FOUND. */
export async function listSubscriptions(
  account: string,
  page: PageInput,
  ports: AccountPorts,
): Promise<Page<Subscription>> {
  const list = `${accountName(account)}/subscriptions`;
  const after = pagePosition(list, page);
  const found = await subscriptionsAfter(ports.store, account, after ?? '', pageSize(page));
  // An account without subscriptions has an empty list; no account has none.
  if (found.items.length === 0) await getAccount(account, ports);
  return pageFound(found, ({ id }) => pageToken(list, id));
}
