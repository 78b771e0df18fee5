import { RatebookError } from '../../../errors/error.js';
import { formatInstant } from '../../../time/instant.js';
import type { Instant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import { type Subscription, accountName, subscriptionName } from '../accounts/account.js';
import type { SentUsage } from './usage.js';

/**
 * The account and the subscription that a use is for. Throws ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND, and NOT_LIVE
 * when either has not begun, or has ended, at the instant of the use.
 */
export function findPayer(
  usage: SentUsage,
  accounts: ReadonlyMap<string, AtTurn>,
): AtTurn & { readonly subscription: Subscription } {
  const found = accounts.get(usage.account);
  if (found === undefined) throw accountNotFound(usage.account);
  const { account, subscriptions } = found;
  if (!isLive(account.openedAt, account.closedAt, usage.occurredAt))
    throw notLive(`The account ${account.id}`, usage.occurredAt, spanOf(account.openedAt, account.closedAt));
  return { ...found, subscription: findSubscription(usage, subscriptions) };
}

function findSubscription(
  { account, target, occurredAt }: SentUsage,
  own: readonly Subscription[],
): Subscription {
  if (target.kind === 'subscription') {
    const found = own.find(({ id }) => id === target.id);
    if (found === undefined)
      throw notFound(`${accountName(account)} has no subscription ${target.id}; create it first.`, account);
    if (isLiveAt(found, occurredAt)) return found;
    throw notLive(subscriptionName(found), occurredAt, spanOf(found.startsAt, found.endsAt));
  }
  const { strategy } = target;
  const live = own.filter((one) => one.strategy === strategy && isLiveAt(one, occurredAt));
  const [found, other] = live;
  if (found !== undefined && other === undefined) return found;
  if (found === undefined)
    throw notFound(
      `${accountName(account)} has no subscription to ${strategy} at ${formatInstant(occurredAt)}; create one, or name the one that is meant.`,
      account,
    );
  const names = live.map(({ id }) => id).join(' and ');
  throw notFound(
    `${names} of ${accountName(account)} are both on ${strategy}; name the one that is meant.`,
    account,
  );
}

function isLiveAt({ startsAt, endsAt }: Subscription, at: Instant): boolean {
  return isLive(startsAt, endsAt, at);
}

/** Half open: at its end it is over. */
function isLive(from: Instant | undefined, to: Instant | undefined, at: Instant): boolean {
  return (from === undefined || from <= at) && (to === undefined || at < to);
}

function spanOf(from: Instant | undefined, to: Instant | undefined): string {
  const start = from === undefined ? '' : ` from ${formatInstant(from)}`;
  return `${start}${to === undefined ? '' : ` to ${formatInstant(to)}`}`;
}

export function accountNotFound(id: string): RatebookError {
  const message = `There is no account ${accountName(id)}; create it first.`;
  return new RatebookError('ACCOUNT_NOT_FOUND', message, { metadata: { account: id } });
}

function notFound(message: string, account: string): RatebookError {
  return new RatebookError('SUBSCRIPTION_NOT_FOUND', message, { metadata: { account } });
}

function notLive(what: string, at: Instant, span: string): RatebookError {
  return new RatebookError('NOT_LIVE', `${what} is live${span}, and the use is of ${formatInstant(at)}.`);
}
