import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import type { Subscription, SubscriptionName } from './account.js';
import { type AtTurn, findSubscription } from './account-store.js';
import { accountAtItsTurn, getAccount } from './get-account.js';
import type { AccountPorts } from './ports.js';

/** One subscription. Throws SUBSCRIPTION_NOT_FOUND, or ACCOUNT_NOT_FOUND when there is no such account either. */
export async function getSubscription(name: SubscriptionName, ports: AccountPorts): Promise<Subscription> {
  const found = await findSubscription(ports.store, name);
  if (found === undefined) await getAccount(name.account, ports);
  return existing(name, found);
}

/** The subscription at the turn of its account. Throws ACCOUNT_NOT_FOUND and SUBSCRIPTION_NOT_FOUND. */
export async function subscriptionAtItsTurn(
  store: Store,
  name: SubscriptionName,
  session: Session,
): Promise<Subscription> {
  await accountAtItsTurn(store, name.account, session);
  return existing(name, await findSubscription(store, name, session));
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
