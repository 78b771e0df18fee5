import { RatebookError } from '../../../errors/error.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { type Subscription, type SubscriptionName, subscriptionName } from './account.js';
import { findSubscription, insertSubscription } from './account-store.js';
import { refuseTooMuch } from './attribute-size.js';
import { changeOnce } from './change-once.js';
import { accountAtItsTurn } from './get-account.js';
import type { AccountPorts } from './ports.js';

export type CreateSubscriptionInput = {
  readonly subscription: Omit<Subscription, 'createdAt'>;
  readonly request: RequestKey | undefined;
};

/**
 * Puts an account on a strategy, which need not be published yet: its usage has no price until it is. Throws
 * ACCOUNT_NOT_FOUND, SUBSCRIPTION_EXISTS, TOO_LARGE and REQUEST_ID_REUSED.
 */
export function createSubscription(
  input: CreateSubscriptionInput,
  ports: AccountPorts,
): Promise<Subscription> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (session) => {
    const subscription: Subscription = { ...input.subscription, createdAt: clock.now() };
    refuseTooMuch(subscriptionName(subscription), subscription.attributes);
    await accountAtItsTurn(store, subscription.account, session);
    if ((await findSubscription(store, subscription, session)) !== undefined)
      throw subscriptionExists(subscription);
    await insertSubscription(store, subscription, session);
    return subscription;
  });
}

export function subscriptionExists({ account, id }: SubscriptionName): RatebookError {
  return new RatebookError(
    'SUBSCRIPTION_EXISTS',
    `The account "${account}" has a subscription "${id}" already; choose another id, or set what is to change on that one.`,
    { metadata: { account, subscription: id } },
  );
}
