import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import type { Account, Subscription, SubscriptionName } from './account.js';
import { type AtTurn, findSubscription } from './account-store.js';
import { accountAtItsTurn, getAccount } from './get-account.js';
import type { AccountPorts } from './ports.js';

/** One subscription. Throws SUBSCRIPTION_NOT_FOUND, or ACCOUNT_NOT_FOUND when there is no such account either. */
export async function getSubscription(name: SubscriptionName, ports: AccountPorts): Promise<Subscription> {
  const found = await findSubscription(ports.store, name);
  if (found === undefined) await getAccount(name.account, ports);
  return existing(name, found);
}

/** The subscription with its account at the turn of that. Throws ACCOUNT_NOT_FOUND and SUBSCRIPTION_NOT_FOUND. */
export async function subscriptionAtItsTurn(
  store: Store,
  name: SubscriptionName,
  session: Session,
): Promise<{ readonly account: Account; readonly subscription: Subscription }> {
  const account = await accountAtItsTurn(store, name.account, session);
  return { account, subscription: existing(name, await findSubscription(store, name, session)) };
}

/** One of those that the account had at its turn. Throws SUBSCRIPTION_NOT_FOUND. */
export function subscriptionIn({ subscriptions }: AtTurn, name: SubscriptionName): Subscription {
  return existing(
    name,
    subscriptions.find(({ id }) => id === name.id),
  );
}

function existing({ account, id }: SubscriptionName, found: Subscription | undefined): Subscription {
  if (found !== undefined) return found;
  throw new RatebookError(
    'SUBSCRIPTION_NOT_FOUND',
    `The account "${account}" has no subscription "${id}"; list its subscriptions, or create this one first.`,
    { metadata: { account, subscription: id } },
  );
}
