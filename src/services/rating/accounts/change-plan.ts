import { RatebookError, violationError } from '../../../errors/error.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import { type Subscription, subscriptionName } from './account.js';
import { findSubscription, insertSubscription, updateSubscription } from './account-store.js';
import { refuseTooMuch } from './attribute-size.js';
import { changeOnce } from './change-once.js';
import { subscriptionExists } from './create-subscription.js';
import { endOf } from './end-of.js';
import { subscriptionAtItsTurn } from './get-subscription.js';
import type { AccountPorts } from './ports.js';
import { type When, instantOf } from './when.js';

export type ChangePlanInput = {
  /** The one that ends. */
  readonly account: string;
  readonly id: string;
  /** The one that starts, of the same account; whatever start it names is not read. */
  readonly next: Omit<Subscription, 'createdAt'>;
  readonly when: When;
  readonly keepsCharged: boolean;
  readonly request: RequestKey | undefined;
};

export type PlanChange = { readonly ended: Subscription; readonly started: Subscription };

/**
 * Ends a subscription and starts another one at the same instant, both or neither. Throws INVALID_REQUEST for an instant
 * before the start of the one or after the end of the other, NOT_LIVE when the first has ended by then, ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND,
 * SUBSCRIPTION_EXISTS, STRATEGY_NOT_FOUND, TOO_LARGE and REQUEST_ID_REUSED.
 */
export function changePlan(input: ChangePlanInput, ports: AccountPorts): Promise<PlanChange> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (session): Promise<PlanChange> => {
    const found = await subscriptionAtItsTurn(store, input, session);
    const at = instantOf(input.when, found, ports);
    const { startsAt: start, endsAt: end } = found.subscription;
    if (end !== undefined && end <= at) throw hasEnded(found.subscription, end);
    const endsAt = endOf('at', { start, end }, at, clock.now());
    if (input.next.endsAt !== undefined && input.next.endsAt <= at) throw overAtOnce(input.next.endsAt, at);
    const ended = { ...found.subscription, endsAt, keepsCharged: input.keepsCharged };
    const started = { ...input.next, startsAt: at, createdAt: clock.now() };
    refuseTooMuch(subscriptionName(started), started.attributes);
    if ((await findSubscription(store, started, session)) !== undefined) throw subscriptionExists(started);
    await updateSubscription(store, ended, session);
    await insertSubscription(store, started, session);
    return { ended, started };
  });
}

function hasEnded(subscription: Subscription, end: Instant): RatebookError {
  const message = `${subscriptionName(subscription)} ends at ${formatInstant(end)} already; create the next one with a start of its own.`;
  return new RatebookError('NOT_LIVE', message);
}

function overAtOnce(end: Instant, at: Instant): Error {
  const description = `${formatInstant(end)} is not after the change, ${formatInstant(at)}; send a later instant, or none`;
  return violationError('INVALID_REQUEST', [{ field: 'next.ends_at', description }]);
}
