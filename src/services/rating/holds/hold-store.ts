import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import type { HoldDocument, Store } from '../store.js';
import type { Hold, HoldKey } from './hold.js';

const withoutId = { _id: 0 } as const;

/** Those of the holds that there are, by `holdKey`. */
export async function findHolds(
  store: Store,
  keys: readonly HoldKey[],
  session?: Session,
): Promise<ReadonlyMap<string, Hold>> {
  if (keys.length === 0) return new Map();
  const options = { session, projection: withoutId } as const;
  const found = await store.holds.find({ _id: { $in: keys.map(holdKey) } }, options).toArray();
  return new Map(found.map((document) => [holdKey(document), fromDocument(document)]));
}

/** Some that are open past their time, those that have been so longest first. */
export async function findOverdue(store: Store, at: Instant, limit: number): Promise<readonly HoldKey[]> {
  const overdue = store.holds.find({ state: 'open', expiresAt: { $lte: at } }, { projection: withoutId });
  return (await overdue.sort({ expiresAt: 1 }).limit(limit).toArray()).map(fromDocument);
}

export async function insertHolds(store: Store, holds: readonly Hold[], session: Session): Promise<void> {
  if (holds.length === 0) return;
  const documents = holds.map((hold) => ({ _id: holdKey(hold), ...toDocument(hold) }));
  await store.holds.insertMany(documents, { session, ordered: false });
}

/** Stores how holds that are there have ended; nothing else of a hold changes. */
export async function updateHolds(store: Store, holds: readonly Hold[], session: Session): Promise<void> {
  if (holds.length === 0) return;
  const operations = holds.map((hold) => {
    const { state, usageId } = hold;
    return { updateOne: { filter: { _id: holdKey(hold) }, update: { $set: { state, usageId } } } };
  });
  await store.holds.bulkWrite(operations, { session, ordered: false });
}

/** An account's id has no blank. */
export function holdKey({ account, holdId }: HoldKey): string {
  return `${account} ${holdId}`;
}

function toDocument({ amount, parts, ...plain }: Hold): Omit<HoldDocument, '_id'> {
  return {
    ...plain,
    amount: toDecimal128(amount),
    parts: parts.map((part) => ({ ...part, amount: toDecimal128(part.amount) })),
  };
}

function fromDocument({ amount, parts, usageId, ...plain }: Omit<HoldDocument, '_id'>): Hold {
  return {
    ...plain,
    usageId,
    amount: fromDecimal128(amount),
    parts: parts.map((part) => ({ ...part, amount: fromDecimal128(part.amount) })),
  };
}
