import type { RequestKey } from '../../../platform/request-key.js';
import {
  type Account,
  type AttributeChange,
  type Subscription,
  accountName,
  subscriptionName,
} from './account.js';
import { updateAccount, updateSubscription } from './account-store.js';
import { refuseTooMuch } from './attribute-size.js';
import { changeOnce } from './change-once.js';
import { accountAtItsTurn } from './get-account.js';
import { subscriptionAtItsTurn } from './get-subscription.js';
import type { AccountPorts } from './ports.js';
import { instantOf } from './when.js';

type SetAttributes = { readonly change: AttributeChange; readonly request: RequestKey | undefined };
export type SetAccountAttributesInput = SetAttributes & { readonly id: string };
export type SetSubscriptionAttributesInput = SetAttributes & {
  readonly account: string;
  readonly id: string;
  /** From the end of the period of now on, whatever the change says. */
  readonly atPeriodEnd: boolean;
};

/** Adds a change to those of an account. Throws ACCOUNT_NOT_FOUND, TOO_LARGE and REQUEST_ID_REUSED. */
export function setAccountAttributes(
  { id, change, request }: SetAccountAttributesInput,
  ports: AccountPorts,
): Promise<Account> {
  return changeOnce(request, ports, async (session) => {
    const found = await accountAtItsTurn(ports.store, id, session);
    const account = { ...found, attributes: [...found.attributes, change] };
    refuseTooMuch(accountName(id), account.attributes);
    await updateAccount(ports.store, account, session);
    return account;
  });
}

/** The same for a subscription. Throws also SUBSCRIPTION_NOT_FOUND, and STRATEGY_NOT_FOUND where its periods are not known. */
export function setSubscriptionAttributes(
  { change, atPeriodEnd, request, ...name }: SetSubscriptionAttributesInput,
  ports: AccountPorts,
): Promise<Subscription> {
  return changeOnce(request, ports, async (session) => {
    const found = await subscriptionAtItsTurn(ports.store, name, session);
    const from = atPeriodEnd ? instantOf({ kind: 'period_end' }, found, ports) : change.from;
    const attributes = [...found.subscription.attributes, { ...change, from }];
    const subscription = { ...found.subscription, attributes };
    refuseTooMuch(subscriptionName(name), subscription.attributes);
    await updateSubscription(ports.store, subscription, session);
    return subscription;
  });
}
