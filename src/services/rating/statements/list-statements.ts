import {
  type Page,
  type PageInput,
  pageOf,
  pagePosition,
  pageSize,
  pageToken,
} from '../../../platform/page.js';
import { type SubscriptionName, subscriptionName } from '../accounts/account.js';
import { getSubscription } from '../accounts/get-subscription.js';
import type { RecordingPorts } from '../recording/ports.js';
import type { Statement } from './statement.js';
import { statementsAfter } from './statement-store.js';

/** The statements of a subscription, by number. Throws ACCOUNT_NOT_FOUND and SUBSCRIPTION_NOT_FOUND. */
export async function listStatements(
  name: SubscriptionName,
  page: PageInput,
  ports: RecordingPorts,
): Promise<Page<Statement>> {
  const list = `${subscriptionName(name)}/statements`;
  const size = pageSize(page);
  const after = Number(pagePosition(list, page) ?? 0);
  const found = await statementsAfter(ports.store, name, after, size + 1);
  if (found.length === 0) await getSubscription(name, ports);
  return pageOf(found, size, ({ number }) => pageToken(list, String(number)));
}
