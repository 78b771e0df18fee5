import { firstOf } from '../../../platform/mongo/first-of.js';
import type { Found } from '../../../platform/page.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Cut, OnStatement } from '../statements/cut.js';
import { type Store, WHOLE } from '../store.js';
import type { ListedRatings } from './list-ratings.js';
import { fromDocument, fromUnpriced, toDocument, toUnpriced } from './rating-document.js';
import { type UsageKey, ratingId, usageKey } from './usage-key.js';
import type { Rating, SentUsage, UnpricedUsage, UsageOutcome } from './usage.js';

/** What is stored of these uses, by account and usage id: a rating of its own, or that it waits for one. */
export async function findKnown(
  store: Store,
  keys: readonly UsageKey[],
  session?: Session,
): Promise<{
  readonly ratings: ReadonlyMap<string, Rating>;
  readonly waiting: ReadonlyMap<string, UnpricedUsage>;
}> {
  const ratings = await findRated(store, keys, session);
  return { ratings, waiting: await findUnpriced(store, keys, session) };
}

/** The first ratings of those of the uses that have one, by account and usage id. */
export async function findRated(
  store: Store,
  keys: readonly UsageKey[],
  session?: Session,
): Promise<ReadonlyMap<string, Rating>> {
  if (keys.length === 0) return new Map();
  const ids = keys.map((key) => ratingId({ ...key, number: 1 }));
  const options = { session, batchSize: WHOLE };
  const found = await store.ratings.find({ _id: { $in: ids } }, options).toArray();
  return new Map(found.map((document) => [usageKey(document), fromDocument(document)]));
}

/**
 * Of uses that were rated at first with another instant or other facts: the newest rating with these, where an amendment
 * has made one.
 */
export async function findAmended(
  store: Store,
  usages: readonly SentUsage[],
  first: ReadonlyMap<string, Rating>,
  session: Session,
): Promise<ReadonlyMap<SentUsage, UsageOutcome>> {
  const found = new Map<SentUsage, UsageOutcome>();
  for (const usage of usages) {
    const { fingerprint = usage.fingerprint } = first.get(usageKey(usage)) ?? {};
    if (fingerprint === usage.fingerprint) continue;
    const ratings = await ratingsOf(store, usage, session);
    const rating = ratings.findLast(
      (one) => one.reverses === undefined && one.fingerprint === usage.fingerprint,
    );
    if (rating !== undefined) found.set(usage, { kind: 'duplicate', rating });
  }
  return found;
}

/** The uses under these keys that wait for a price, by account and usage id. */
export async function findUnpriced(
  store: Store,
  keys: readonly UsageKey[],
  session?: Session,
): Promise<ReadonlyMap<string, UnpricedUsage>> {
  if (keys.length === 0) return new Map();
  const found = await store.unpriced
    .find({ _id: { $in: keys.map(usageKey) } }, { session, batchSize: WHOLE })
    .toArray();
  return new Map(found.map((document) => [document._id, fromUnpriced(document)]));
}

/** The rating of a use and all that corrected it, in their order. */
export async function ratingsOf(store: Store, key: UsageKey, session?: Session): Promise<readonly Rating[]> {
  const own = { _id: rangeOf(key), usageId: key.usageId };
  const found = await store.ratings.find(own, { session }).toArray();
  return found.map(fromDocument).toSorted((a, b) => a.number - b.number);
}

/**
 * Where the ids of a use's ratings lie: from that of the first to the sign after the digits. Another use's id may begin
 * with this one's, and lie there too.
 */
export function rangeOf(key: UsageKey): { readonly $gt: string; readonly $lt: string } {
  return { $gt: `${usageKey(key)} `, $lt: `${usageKey(key)} :` };
}

export async function insertRatings(
  store: Store,
  ratings: readonly Rating[],
  session: Session,
): Promise<void> {
  if (ratings.length > 0) await store.ratings.insertMany(ratings.map(toDocument), { session });
}

export async function insertUnpriced(
  store: Store,
  usages: readonly UnpricedUsage[],
  session: Session,
): Promise<void> {
  if (usages.length > 0) await store.unpriced.insertMany(usages.map(toUnpriced), { session });
}

/** Sets why uses that are stored without a price have none. */
export async function updateReasons(
  store: Store,
  usages: readonly UnpricedUsage[],
  session: Session,
): Promise<void> {
  if (usages.length === 0) return;
  const operations = usages.map(({ reason, message, ...key }) => ({
    updateOne: { filter: { _id: usageKey(key) }, update: { $set: { reason, message } } },
  }));
  await store.unpriced.bulkWrite(operations, { session, ordered: false });
}

export async function deleteUnpriced(
  store: Store,
  keys: readonly UsageKey[],
  session: Session,
): Promise<void> {
  if (keys.length > 0) await store.unpriced.deleteMany({ _id: { $in: keys.map(usageKey) } }, { session });
}

/** A place in the order in which an account's uses were recorded. */
export type Position = { readonly turn: number; readonly place: number };

/** Which ratings are wanted: `cut` belongs to the statement. */
export type WantedRatings = ListedRatings & { readonly cut: OnStatement | undefined };

/** The ratings after a position in the order of recording. */
export function ratingsAfter(
  store: Store,
  { account, subscription, from, to, statement, cut }: WantedRatings,
  { after, size }: { readonly after: Position | undefined; readonly size: number },
): Promise<Found<Rating>> {
  const found = store.ratings.find({
    account,
    ...(subscription !== undefined && { subscription }),
    ...(statement && { subscription: statement.id }),
    ...(cut && inCut(cut)),
    ...((from !== undefined || to !== undefined) && { occurredAt: { $gte: from, $lt: to } }),
    ...(after && laterThan(after)),
  });
  return firstOf(found.sort(RECORDED), size, fromDocument);
}

function inCut({ earlier, ...cut }: OnStatement) {
  return { ...upTo(cut), ...(earlier.length > 0 && { $nor: earlier.map(upTo) }) };
}

function upTo(cut: Cut) {
  return { turn: { $lte: cut.turn }, dueAt: { $lte: cut.upTo } };
}

/** The uses that wait for a price, after a position in the order of recording. */
export function unpricedAfter(
  store: Store,
  account: string,
  after: Position | undefined,
  size: number,
): Promise<Found<UnpricedUsage>> {
  const found = store.unpriced.find({ account, ...(after && laterThan(after)) });
  return firstOf(found.sort(RECORDED), size, fromUnpriced);
}

export const RECORDED = { turn: 1, place: 1 } as const;

function laterThan({ turn, place }: Position) {
  return { $or: [{ turn: { $gt: turn } }, { turn, place: { $gt: place } }] };
}

/** As page tokens have it. */
export function positionOf({ turn, place }: Position): string {
  return `${turn}:${place}`;
}

export function parsePosition(text: string): Position | undefined {
  const [, turn, place] = /^(\d+):(\d+)$/.exec(text) ?? [];
  return turn === undefined ? undefined : { turn: Number(turn), place: Number(place) };
}
