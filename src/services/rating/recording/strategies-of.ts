import { findSubscriptionsOf } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import type { Store } from '../store.js';
import type { SentUsage } from './usage.js';

/** The strategies that subscriptions are on, by `ACCOUNT/ID` and by `ACCOUNT STRATEGY`. */
type Seen = Map<string, string>;

/** Those that this process has read: a subscription keeps its strategy and is never removed, so that none grows old. */
const seenIn = new WeakMap<Store, Seen>();

const MOST_SEEN = 100_000;

/**
 * The strategies that the uses are of, read only where a subscription is new here. Not those that the accounts are on
 * besides: one that is never published would keep all usage waiting for news of it.
 */
export async function strategiesOf(
  usages: readonly SentUsage[],
  accounts: readonly string[],
  store: Store,
): Promise<ReadonlySet<string>> {
  const seen = seenIn.get(store) ?? new Map<string, string>();
  seenIn.set(store, seen);
  if (!usages.every((usage) => seen.has(meantBy(usage)))) {
    if (seen.size > MOST_SEEN) seen.clear();
    note(seen, await findSubscriptionsOf(store, accounts));
  }
  return meantAmong(usages, seen);
}

/** The same where the subscriptions of the accounts are known. */
export function strategiesAmong(
  usages: readonly SentUsage[],
  subscriptions: readonly Subscription[],
): ReadonlySet<string> {
  const seen: Seen = new Map();
  note(seen, subscriptions);
  return meantAmong(usages, seen);
}

function note(seen: Seen, subscriptions: readonly Subscription[]): void {
  for (const { account, id, strategy } of subscriptions)
    seen.set(`${account}/${id}`, strategy).set(`${account} ${strategy}`, strategy);
}

function meantAmong(usages: readonly SentUsage[], seen: Seen): ReadonlySet<string> {
  return new Set(usages.flatMap((usage) => seen.get(meantBy(usage)) ?? []));
}

function meantBy({ account, target }: SentUsage): string {
  return target.kind === 'subscription' ? `${account}/${target.id}` : `${account} ${target.strategy}`;
}
