import type { Violation } from '../../../errors/error.js';
import type { GivenFacts } from '../../../quote/input.js';
import { isOfAccount } from '../../../strategy/read/facts-of.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { accountName, subscriptionName } from '../accounts/account.js';
import type { Payer } from './rate-use.js';

/**
 * What the rules need to know of the account and the subscription, and what is not known of them at the instant of the
 * use. Its sender may not say it, so that it is told who can.
 */
export function notKnown(filled: GivenFacts, payer: Payer): readonly Violation[] {
  const { moments, prepared } = payer.revision.strategy;
  if (prepared.moments.usage.ofAccount.size === 0) return [];
  const { required } = moments.usage;
  return required
    .filter((name) => isOfAccount(name) && !filled.has(name))
    .map((name) => ({ field: `facts.${name}`, description: whyNot(name, payer) }));
}

function whyNot(name: string, { account, subscription, revision: { strategy } }: Payer): string {
  switch (name) {
    case 'account_age_days':
    case 'account_age_months':
      return withoutAge(accountName(account.id), 'opened_at', strategy);
    case 'subscription_age_months':
      return withoutAge(subscriptionName(subscription), 'starts_at', strategy);
    default:
      return notSet(name.startsWith('account.') ? accountName(account.id) : subscriptionName(subscription));
  }
}

function withoutAge(owner: string, start: string, { id }: Strategy): string {
  return `is not known, since ${owner} has no ${start}, and ${id} needs its age; use one that has, or another strategy`;
}

function notSet(owner: string): string {
  return `is not set for ${owner} at the instant of the use; set the attribute from then on, and send the use again`;
}
