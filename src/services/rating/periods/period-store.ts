import type { Session } from '../../../platform/mongo/transaction.js';
import type { Cycle } from '../../../strategy/prepared.js';
import type { Instant } from '../../../time/instant.js';
import type { SubscriptionName } from '../accounts/account.js';
import type { Store } from '../store.js';
import { NEVER } from './life.js';

/** One period that was looked at; `_id` is `ACCOUNT/SUBSCRIPTION CYCLE START BILL`. */
export type PeriodDocument = {
  readonly _id: string;
  /** `ACCOUNT/SUBSCRIPTION` */
  readonly owner: string;
  readonly kind: Cycle['kind'];
  readonly anchor: Cycle['anchor'];
  readonly bill: Cycle['bill'];
  readonly start: Instant;
  readonly end: Instant;
  /** A period stays with the revision that it was charged by first, unless the subscription is moved to another. */
  readonly revision: number;
  readonly pin: number | undefined;
  /** Of what was to be charged when it was looked at last, but for what is measured. */
  readonly outline: string;
  /** Whether something measured in it was recorded or taken back since. */
  readonly stale: boolean;
  /** Whether some of it could not be charged and is to be tried again. */
  readonly failed: boolean;
};

/** All periods of a subscription, or those that end later than `from` or are to be looked at again. */
export async function findPeriods(
  store: Store,
  owner: string,
  from: Instant | undefined,
  session: Session,
): Promise<ReadonlyMap<string, PeriodDocument>> {
  const again = [{ end: { $gt: from } }, { stale: true }, { failed: true }];
  const found = await store.periods
    .find({ owner, ...(from !== undefined && { $or: again }) }, { session })
    .toArray();
  return new Map(found.map((document) => [document._id, document]));
}

export async function writePeriods(
  store: Store,
  periods: readonly PeriodDocument[],
  session: Session,
): Promise<void> {
  if (periods.length === 0) return;
  const operations = periods.map((replacement) => ({
    replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true },
  }));
  await store.periods.bulkWrite(operations, { session, ordered: false });
}

export type Settled = { readonly upTo: Instant; readonly basis: string; readonly next: Instant | undefined };

export async function findSettled(
  store: Store,
  name: SubscriptionName,
  session: Session,
): Promise<Settled | undefined> {
  const projection = { settled: 1, dueNext: 1 } as const;
  const found = await store.subscriptions.findOne({ _id: keyOf(name) }, { session, projection });
  return found?.settled && { ...found.settled, next: found.dueNext };
}

export async function writeSettled(
  store: Store,
  name: SubscriptionName,
  { upTo, basis, next }: Settled,
  session: Session,
): Promise<void> {
  const change =
    next === undefined
      ? { $set: { settled: { upTo, basis } }, $unset: { dueNext: '' as const } }
      : { $set: { settled: { upTo, basis }, dueNext: next } };
  await store.subscriptions.updateOne({ _id: keyOf(name) }, change, { session });
}

/** Marks a subscription with the fencing number of a background run; false where a later one was there before. */
export async function takeFence(
  store: Store,
  name: SubscriptionName,
  fence: bigint,
  session: Session,
): Promise<boolean> {
  const notLater = { $or: [{ fence: { $exists: false } }, { fence: { $lte: fence } }] };
  const marked = { _id: keyOf(name), ...notLater };
  const { matchedCount } = await store.subscriptions.updateOne(marked, { $set: { fence } }, { session });
  return matchedCount === 1;
}

/** A use that may count in a period that was closed before. */
type Late = SubscriptionName & { readonly occurredAt: Instant };

/** Has closed periods looked at again in which something was recorded or taken back that their end has measured. */
export async function reopenPeriods(store: Store, uses: readonly Late[], session: Session): Promise<void> {
  if (uses.length === 0) return;
  const ranges = rangesOf(uses);
  const first = [...ranges.values()].reduce(
    (least, range) => (range.first < least ? range.first : least),
    NEVER,
  );
  // Most uses are of a period that is still open, and then there is nothing to look for one by one.
  const owners = { owner: { $in: [...ranges.keys()] }, bill: 'arrears', end: { $gt: first } } as const;
  const found = await store.periods.distinct('owner', owners, { session });
  for (const owner of found) {
    const own = ranges.get(owner);
    if (own === undefined) continue;
    const closed = { owner, bill: 'arrears', start: { $lte: own.last }, end: { $gt: own.first } } as const;
    const { matchedCount } = await store.periods.updateMany(closed, { $set: { stale: true } }, { session });
    if (matchedCount > 0)
      await store.subscriptions.updateOne({ _id: owner }, { $set: { dueNext: 0n } }, { session });
  }
}

/** The first and the last instant of the uses of each subscription. */
function rangesOf(
  uses: readonly Late[],
): ReadonlyMap<string, { readonly first: Instant; readonly last: Instant }> {
  const ranges = new Map<string, { first: Instant; last: Instant }>();
  for (const { occurredAt, ...name } of uses) {
    const { first, last } = ranges.get(keyOf(name)) ?? { first: occurredAt, last: occurredAt };
    ranges.set(keyOf(name), {
      first: occurredAt < first ? occurredAt : first,
      last: occurredAt > last ? occurredAt : last,
    });
  }
  return ranges;
}

function keyOf({ account, id }: SubscriptionName): string {
  return `${account}/${id}`;
}
