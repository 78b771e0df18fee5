import { findRated, findUnpriced } from '../recording/rating-store.js';
import type { UsageOutcome } from '../recording/usage.js';
import type { Store } from '../store.js';
import type { Hold, HoldRequest } from './hold.js';
import { findHolds, holdKey } from './hold-store.js';

/** What there is under the ids that requests name. */
export type Named = {
  /** By `holdKey`. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** What was recorded before of the uses that are to be committed, by `usageKey`. */
  readonly known: ReadonlyMap<string, UsageOutcome>;
};

/** All of it at once; holds that are known to be open are not looked up. */
export async function findNamed(
  requests: readonly HoldRequest[],
  open: ReadonlyMap<string, Hold>,
  store: Store,
): Promise<Named> {
  const keys = requests.map(({ key }) => key).filter((key) => !open.has(holdKey(key)));
  const usages = requests.flatMap((request) => (request.kind === 'commit' ? [request.usage] : []));
  const [holds, ratings, waiting] = await Promise.all([
    findHolds(store, keys),
    findRated(store, usages),
    findUnpriced(store, usages),
  ]);
  const known = new Map<string, UsageOutcome>();
  for (const [key, rating] of ratings) known.set(key, { kind: 'duplicate', rating });
  for (const [key, usage] of waiting) known.set(key, { kind: 'unpriced', usage });
  return { holds: new Map([...open, ...holds]), known };
}
