import type { Session } from '../../../platform/mongo/transaction.js';
import type { Running } from '../../../pricing/price.js';
import type { Instant, Span } from '../../../time/instant.js';
import { type Store, type StoredPairs, type WindowDocument, fromDecimal128, toDecimal128 } from '../store.js';
import type { LineSum, LineSums } from './line-sums.js';

/** What is kept of one subscription in one window. */
export type StoredWindow = {
  readonly counters: ReadonlyMap<string, Running>;
  /** What all its ratings come to. */
  readonly sums: LineSums;
  readonly ratings: number;
  /** Of the ratings, those that are on no statement yet. */
  readonly unbilled: number;
};

/** By `ACCOUNT/SUBSCRIPTION KIND START`. */
export type StoredWindows = ReadonlyMap<string, StoredWindow>;

/** What changes of a window; a counter or line that is not named stays. */
export type MovedWindow = {
  readonly counters: Map<string, Running>;
  /** Where something was rated that is billed with this window. */
  billed: MovedBill | undefined;
};

export type MovedBill = {
  readonly owner: string;
  readonly period: Span;
  readonly dueAt: Instant;
  /** Those lines that have moved. */
  readonly sums: Map<string, LineSum>;
  ratings: number;
  unbilled: number;
};

/** Those of the windows in which there is anything. */
export async function findWindows(
  store: Store,
  windows: readonly string[],
  session?: Session,
): Promise<StoredWindows> {
  const found = await store.windows
    .find({ _id: { $in: [...windows] } }, { session, projection: { billed: 0 } })
    .toArray();
  return new Map(found.map((document) => [document._id, toWindow(document)]));
}

export async function writeWindows(
  store: Store,
  moved: ReadonlyMap<string, MovedWindow>,
  session: Session,
): Promise<void> {
  if (moved.size === 0) return;
  const operations = [...moved].map(([_id, window]) => ({
    updateOne: { filter: { _id }, update: { $set: changesOf(window) }, upsert: true },
  }));
  await store.windows.bulkWrite(operations, { session, ordered: false });
}

function changesOf({ counters, billed }: MovedWindow): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [key, { quantity, events }] of counters)
    changes[`counters.${fieldOfKey(key)}`] = [toDecimal128(quantity), toDecimal128(events)];
  if (billed === undefined) return changes;
  const { sums, ...plain } = billed;
  for (const [key, { quantity, amount }] of sums)
    changes[`sums.${fieldOfKey(key)}`] = [toDecimal128(quantity), toDecimal128(amount)];
  return Object.assign(changes, plain);
}

function toWindow({ counters, sums, ratings, unbilled }: WindowDocument): StoredWindow {
  return {
    counters: fromPairs(counters, (quantity, events) => ({ quantity, events })),
    sums: fromPairs(sums, (quantity, amount) => ({ quantity, amount })),
    ratings: ratings ?? 0,
    unbilled: unbilled ?? 0,
  };
}

export function fromPairs<T>(
  pairs: StoredPairs | undefined,
  make: (quantity: LineSum['quantity'], other: LineSum['amount']) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(pairs ?? {}).map(([field, [quantity, other]]) => [
      keyOfField(field),
      make(fromDecimal128(quantity), fromDecimal128(other)),
    ]),
  );
}

/** A field's name has no dot, no dollar and no NUL in it. */
function fieldOfKey(key: string): string {
  return key.replace(/[%.$\0]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function keyOfField(field: string): string {
  return field.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
