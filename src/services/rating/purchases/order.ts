import { RatebookError } from '../../../errors/error.js';
import type { PricedGrant } from '../../../quote/grants.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import type { Instant } from '../../../time/instant.js';
import { OWN_USAGE, type Rating } from '../recording/usage.js';

/** Something bought in advance: its price stands, and it counts and gives something only once it is paid. */
export type Order = {
  readonly account: string;
  /** The caller's id: with the account it names the purchase for ever. */
  readonly purchaseId: string;
  /** What tells a repeat from another purchase under the same id. */
  readonly fingerprint: string;
  /** As it is stored once it is paid. */
  readonly rating: Rating;
  /** Where it left the counters that it was priced from. */
  readonly after: readonly StoredCounter[];
  readonly grants: readonly PricedGrant[];
  /** The payment's reference; undefined while it is not paid. */
  readonly payment: string | undefined;
  /** When it was taken back; undefined: it stands. */
  readonly cancelledAt: Instant | undefined;
};

export type OrderKey = Pick<Order, 'account' | 'purchaseId'>;

/** An account's id has no blank. */
export function orderKey({ account, purchaseId }: OrderKey): string {
  return `${account} ${purchaseId}`;
}

/** What its rating is stored under. */
export function usageIdOf(purchaseId: string): string {
  return `${OWN_USAGE}purchase:${purchaseId}`;
}

export function orderNotFound({ account, purchaseId }: OrderKey): RatebookError {
  return new RatebookError(
    'PURCHASE_NOT_FOUND',
    `Nothing was bought as "${purchaseId}" of accounts/${account}; look at the id, or call Purchase first.`,
    { metadata: { account, purchase_id: purchaseId } },
  );
}
