import { RatebookError } from '../../../errors/error.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { type RevisionPin, type Subscription, subscriptionName } from './account.js';
import { updateSubscription } from './account-store.js';
import { changeOnce } from './change-once.js';
import { subscriptionAtItsTurn } from './get-subscription.js';
import type { AccountPorts } from './ports.js';
import { type When, instantOf } from './when.js';

export type SetRevisionInput = {
  readonly account: string;
  readonly id: string;
  readonly revision: RevisionPin['revision'];
  readonly when: When;
  readonly request: RequestKey | undefined;
};

/** Everything that is rated reads all of them. */
const MOST_PINS = 1_000;

/**
 * Says which revision prices a subscription from an instant on. Usage that is rated already stays; periods are charged by
 * the revision that holds at their start, or at their end in arrears. Throws ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND,
 * STRATEGY_NOT_FOUND, TOO_LARGE and REQUEST_ID_REUSED.
 */
export function setSubscriptionRevision(input: SetRevisionInput, ports: AccountPorts): Promise<Subscription> {
  return changeOnce(input.request, ports, async (session) => {
    const found = await subscriptionAtItsTurn(ports.store, input, session);
    const from = instantOf(input.when, found, ports);
    const pins = [...found.subscription.pins, { from, revision: input.revision }];
    if (pins.length > MOST_PINS) throw tooMany(found.subscription);
    const subscription = { ...found.subscription, pins };
    await updateSubscription(ports.store, subscription, session);
    return subscription;
  });
}

function tooMany(subscription: Subscription): RatebookError {
  const message = `The revision of ${subscriptionName(subscription)} was set ${MOST_PINS} times, which is all that is kept; end it, and start another one.`;
  return new RatebookError('TOO_LARGE', message);
}
