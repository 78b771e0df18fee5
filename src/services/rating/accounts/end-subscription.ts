import type { RequestKey } from '../../../platform/request-key.js';
import type { Subscription } from './account.js';
import { updateSubscription } from './account-store.js';
import { changeOnce } from './change-once.js';
import { endOf } from './end-of.js';
import { subscriptionAtItsTurn } from './get-subscription.js';
import type { AccountPorts } from './ports.js';
import { type When, instantOf } from './when.js';

export type EndSubscriptionInput = {
  readonly account: string;
  readonly id: string;
  readonly when: When;
  /** What was charged in advance for the time after stays charged. */
  readonly keepsCharged: boolean;
  readonly request: RequestKey | undefined;
};

/**
 * Ends a subscription from an instant on, or moves its end to another instant. Usage that is rated already stays; what
 * was charged in advance for the time after is credited when what falls due is rated next, unless it is kept. Throws
 * INVALID_REQUEST for an instant before the start, ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND and REQUEST_ID_REUSED.
 */
export function endSubscription(input: EndSubscriptionInput, ports: AccountPorts): Promise<Subscription> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (session) => {
    const found = await subscriptionAtItsTurn(store, input, session);
    const { startsAt: start, endsAt: end } = found.subscription;
    const wanted = input.when.kind === 'at' ? input.when.at : instantOf(input.when, found, ports);
    const endsAt = endOf('ends_at', { start, end }, wanted, clock.now());
    const subscription = { ...found.subscription, endsAt, keepsCharged: input.keepsCharged };
    await updateSubscription(store, subscription, session);
    return subscription;
  });
}
