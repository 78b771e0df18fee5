import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { GivenFact } from '../../../quote/input.js';
import type { Instant } from '../../../time/instant.js';

/** A customer. */
export type Account = {
  readonly id: string;
  /** What it is billed in: an ISO 4217 code. */
  readonly currency: string;
  /** ISO 3166-1 alpha-2; may be empty. */
  readonly country: string;
  /** IANA; of due dates and documents. Windows of running totals go by the strategy's zone. */
  readonly timeZone: string;
  /** Undefined: since ever. */
  readonly openedAt: Instant | undefined;
  /** The first instant at which it is closed. */
  readonly closedAt: Instant | undefined;
  /** In the order in which they were made; of two from one instant the later counts. */
  readonly attributes: readonly AttributeChange[];
  readonly createdAt: Instant;
  /** In the order in which they were redeemed. */
  readonly coupons: readonly RedeemedCoupon[];
};

/** A code that strategies see in `account.coupons`, half open. */
export type RedeemedCoupon = {
  readonly code: string;
  readonly from: Instant;
  /** Undefined: for ever. */
  readonly until: Instant | undefined;
};

/** What strategies read as `account.NAME` or `subscription.NAME`, from an instant on; undefined: since ever. */
export type AttributeChange = {
  readonly from: Instant | undefined;
  /** Null: no longer there. */
  readonly values: Readonly<Record<string, GivenFact | null>>;
  /** Of a subscription: recurring charges go by it only from the next period on. */
  readonly nextPeriod?: boolean;
};

/** An account on a strategy. */
export type Subscription = {
  readonly account: string;
  readonly id: string;
  /** Its id: `llm-api`. */
  readonly strategy: string;
  /** Undefined: since ever. */
  readonly startsAt: Instant | undefined;
  /** The first instant after its end. */
  readonly endsAt: Instant | undefined;
  /** The revision that it stays on; undefined: it follows what is published. */
  readonly revision: number | undefined;
  readonly attributes: readonly AttributeChange[];
  readonly createdAt: Instant;
  /** Whether its usage is paid from the account's wallets as it is rated. */
  readonly prepaid: boolean;
  /** Where periods that are its own begin; undefined: at its start. */
  readonly billingAnchor: Instant | undefined;
  /** Recurring charges begin here; undefined: at its start. */
  readonly trialEndsAt: Instant | undefined;
  /** In the order in which they were made; of two from one instant the later counts. */
  readonly pins: readonly RevisionPin[];
  /** Whether what was charged in advance for the time after its end stays charged. */
  readonly keepsCharged: boolean;
  /** Its statements; undefined while it has none. */
  readonly billed?: Billed;
};

/** How many statements there are, and the latest instant that one of them goes up to. */
export type Billed = { readonly statements: number; readonly upTo: Instant };

/** The revision that a subscription is priced by from an instant on; undefined: it follows what is published. */
export type RevisionPin = { readonly from: Instant; readonly revision: number | undefined };

export type SubscriptionName = Pick<Subscription, 'account' | 'id'>;

/** Letters, digits, dots, hyphens and underscores: ids are parts of resource names. */
export const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const ID_RULE =
  'id of 1 to 64 letters, digits, dots, hyphens and underscores that begins with a letter or digit';

/** `accounts/acme` */
export function accountName(id: string): string {
  return `accounts/${id}`;
}

/** `accounts/acme/subscriptions/main` */
export function subscriptionName({ account, id }: SubscriptionName): string {
  return `accounts/${account}/subscriptions/${id}`;
}

const ACCOUNT_NAME = /^accounts\/([^/]+)$/;
const SUBSCRIPTION_NAME = /^accounts\/([^/]+)\/subscriptions\/([^/]+)$/;

/** The id in `accounts/acme`. */
export function parseAccountName(name: string): Parsed<string> {
  const [, id = ''] = ACCOUNT_NAME.exec(name) ?? [];
  if (ACCOUNT_ID.test(id)) return parsed(id);
  return refused(`${quoted(name)} is not accounts/ID with an ${ID_RULE}`);
}

/** The ids in `accounts/acme/subscriptions/main`. */
export function parseSubscriptionName(name: string): Parsed<SubscriptionName> {
  const [, account = '', id = ''] = SUBSCRIPTION_NAME.exec(name) ?? [];
  if (ACCOUNT_ID.test(account) && ACCOUNT_ID.test(id)) return parsed({ account, id });
  return refused(`${quoted(name)} is not accounts/ID/subscriptions/ID, each with an ${ID_RULE}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
