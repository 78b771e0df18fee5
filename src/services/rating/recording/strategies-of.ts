import { findSubscriptionsOf } from '../accounts/account-store.js';
import type { Store } from '../store.js';
import type { SentUsage } from './usage.js';

/**
 * The strategies that subscriptions are on, by `ACCOUNT/ID` and by `ACCOUNT STRATEGY`, as far as this process has seen
 * them. A subscription keeps its strategy and is never removed, so that nothing here grows old.
 */
type Seen = Map<string, string>;
const seenIn = new WeakMap<Store, Seen>();

const MOST_SEEN = 100_000;

/**
 * The strategies that the uses are of. Not those that the accounts are on besides: one that is never published would keep
 * all usage waiting for news of it. A use of a subscription that is not there has none.
 */
export async function strategiesOf(
  usages: readonly SentUsage[],
  accounts: readonly string[],
  store: Store,
): Promise<ReadonlySet<string>> {
  const seen = seenIn.get(store) ?? new Map<string, string>();
  seenIn.set(store, seen);
  const meant = new Set(usages.map(meantBy));
  if (![...meant].every((name) => seen.has(name))) {
    if (seen.size > MOST_SEEN) seen.clear();
    for (const { account, id, strategy } of await findSubscriptionsOf(store, accounts))
      seen.set(`${account}/${id}`, strategy).set(`${account} ${strategy}`, strategy);
  }
  return new Set([...meant].flatMap((name) => seen.get(name) ?? []));
}

function meantBy({ account, target }: SentUsage): string {
  return target.kind === 'subscription' ? `${account}/${target.id}` : `${account} ${target.strategy}`;
}
