import { RatebookError } from '../errors/error.js';
import type { Account, Subscription } from '../gen/ratebook/v1/account_pb.js';
import { type ChangeView, changesText, viewChange } from './attributes.js';
import { instantText } from './revision-view.js';
import { left, right, table } from './table.js';

/** An account as `--json` prints it. Instants are RFC 3339 in UTC; null: since ever, or it did not happen. */
export type AccountView = {
  readonly id: string;
  readonly currency: string;
  readonly country: string;
  readonly time_zone: string;
  readonly opened_at: string | null;
  readonly closed_at: string | null;
  readonly attributes: readonly ChangeView[];
  readonly created_at: string | null;
};

/** A subscription as `--json` prints it. */
export type SubscriptionView = {
  readonly account: string;
  readonly id: string;
  readonly strategy: string;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  /** Null: it follows what is published. */
  readonly revision: number | null;
  readonly attributes: readonly ChangeView[];
  /** Whether its usage is paid from wallets as it is rated. */
  readonly prepaid: boolean;
  readonly trial_ends_at: string | null;
  readonly created_at: string | null;
};

/** Throws INTERNAL for an answer without an account. */
export function viewAccount(account: Account | undefined): AccountView {
  if (account === undefined) throw nothingIn('account');
  const { name, currency, country, timeZone, attributes } = account;
  return {
    id: name.replace(/^accounts\//, ''),
    ...{ currency, country, time_zone: timeZone },
    opened_at: instantText(account.openedAt),
    closed_at: instantText(account.closedAt),
    attributes: attributes.map(viewChange),
    created_at: instantText(account.createdAt),
  };
}

/** Throws INTERNAL for an answer without a subscription. */
export function viewSubscription(subscription: Subscription | undefined): SubscriptionView {
  if (subscription === undefined) throw nothingIn('subscription');
  const { name, strategy, revision, attributes } = subscription;
  const [, account = '', , id = ''] = name.split('/');
  return {
    ...{ account, id, strategy: strategy.replace(/^strategies\//, '') },
    starts_at: instantText(subscription.startsAt),
    ends_at: instantText(subscription.endsAt),
    revision: revision === 0n ? null : Number(revision),
    attributes: attributes.map(viewChange),
    prepaid: subscription.prepaid,
    trial_ends_at: instantText(subscription.trialEndsAt),
    created_at: instantText(subscription.createdAt),
  };
}

function nothingIn(what: string): RatebookError {
  const message = `The service answered without the ${what}; is it of another version?`;
  return new RatebookError('INTERNAL', message);
}

const ACCOUNT_COLUMNS = ['Account', 'Currency', 'Country', 'Zone', 'Opened', 'Closed', 'Attributes'].map(
  left,
);

export function accountTable(accounts: readonly AccountView[]): string {
  return table(
    ACCOUNT_COLUMNS,
    accounts.map((account) => [
      ...[account.id, account.currency, account.country, account.time_zone],
      ...[account.opened_at ?? 'since ever', account.closed_at ?? '', changesText(account.attributes)],
    ]),
  );
}

const SUBSCRIPTION_COLUMNS = [
  ...['Subscription', 'Strategy', 'Starts', 'Ends'].map(left),
  ...[right('Revision'), left('Attributes')],
];

export function subscriptionTable(subscriptions: readonly SubscriptionView[]): string {
  return table(
    SUBSCRIPTION_COLUMNS,
    subscriptions.map(({ id, strategy, starts_at, ends_at, revision, attributes }) => [
      ...[id, strategy, starts_at ?? 'since ever', ends_at ?? ''],
      ...[revision === null ? 'newest' : String(revision), changesText(attributes)],
    ]),
  );
}
