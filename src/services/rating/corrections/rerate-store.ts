import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import { type SubscriptionName, subscriptionName } from '../accounts/account.js';
import { ownerOf } from '../recording/batch.js';
import { fromDocument } from '../recording/rating-document.js';
import { RECORDED, rangeOf } from '../recording/rating-store.js';
import { type UsageKey, ratingId } from '../recording/usage-key.js';
import type { Rating } from '../recording/usage.js';
import type { RatingDocument, Store } from '../store.js';
import { type Entry, historyOf } from './history.js';
import type { Rerated } from './plan.js';

/** A part of the calendar that may be open at either end. */
export type OpenSpan = { readonly start: Instant | undefined; readonly end: Instant | undefined };

/** One transaction holds no more. */
const MOST_RATINGS = 10_000;

/** The ratings of uses of these periods that count, in the order in which they were recorded. Throws TOO_LARGE. */
export async function readHistory(
  store: Store,
  name: SubscriptionName,
  { start, end }: OpenSpan,
  session: Session,
): Promise<readonly Entry[]> {
  const bounds = start !== undefined || end !== undefined;
  const filter = bounds ? { 'period.start': { $gte: start, $lt: end } } : {};
  return historyOf(await read(store, name, filter, session));
}

/** The same with all uses of other periods that were counted after the first of them. */
export async function readAllFrom(
  store: Store,
  name: SubscriptionName,
  { position: from }: Entry,
  session: Session,
): Promise<readonly Entry[]> {
  const ratings = await read(store, name, { turn: { $gte: from.turn } }, session);
  const known = new Set(ratings.map(({ usageId, number }) => `${number} ${usageId}`));
  const missing = ratings.flatMap(({ account, usageId, reverses }) =>
    reverses === undefined || known.has(`${reverses} ${usageId}`)
      ? []
      : [{ account, usageId, number: reverses }],
  );
  const originals = await findNumbered(store, missing, session);
  const isFrom = ({ position: { turn, place } }: Entry) =>
    turn > from.turn || (turn === from.turn && place >= from.place);
  return historyOf([...originals, ...ratings]).filter(isFrom);
}

async function read(
  store: Store,
  name: SubscriptionName,
  filter: UseFilter,
  session: Session,
): Promise<readonly Rating[]> {
  const found = await findUses(store, name, { filter, limit: MOST_RATINGS + 1 }, session);
  if (found.length <= MOST_RATINGS) return found;
  const message = `${subscriptionName(name)} has more than ${MOST_RATINGS} ratings there, more than are rated again at once; name fewer periods with from and to, or put single uses right by amending them.`;
  throw new RatebookError('TOO_LARGE', message);
}

/** Ratings by their keys. */
async function findNumbered(
  store: Store,
  keys: readonly (UsageKey & { readonly number: number })[],
  session: Session,
): Promise<readonly Rating[]> {
  if (keys.length === 0) return [];
  const found = store.ratings.find({ _id: { $in: keys.map(ratingId) } }, { session });
  return (await found.toArray()).map(fromDocument);
}

/** What was used, of one subscription, as it was recorded: those that a filter lets through. */
async function findUses(
  store: Store,
  { account, id }: SubscriptionName,
  { filter, limit }: { readonly filter: UseFilter; readonly limit: number },
  session: Session,
): Promise<readonly Rating[]> {
  const found = store.ratings.find(
    { account, subscription: id, moment: 'usage', ...filter },
    { session, sort: RECORDED, limit },
  );
  return (await found.toArray()).map(fromDocument);
}

/** By the start of the period that it is billed for, or by the turn in which it was recorded. */
type UseFilter = {
  readonly 'period.start'?: { readonly $gte: Instant | undefined; readonly $lt: Instant | undefined };
  readonly turn?: { readonly $gte: number };
};

/** The highest number that each of the uses has. */
export async function lastNumbers(
  store: Store,
  account: string,
  usageIds: readonly string[],
  session: Session,
): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>();
  const wanted = new Set(usageIds);
  for (let from = 0; from < usageIds.length; from += AT_ONCE) {
    const keys = usageIds.slice(from, from + AT_ONCE).map((usageId): UsageKey => ({ account, usageId }));
    const found = store.ratings.find(
      { $or: keys.map((key) => ({ _id: rangeOf(key) })) },
      { session, projection: { usageId: 1, number: 1 } },
    );
    for await (const { usageId, number } of found as AsyncIterable<
      Pick<RatingDocument, 'usageId' | 'number'>
    >)
      if (wanted.has(usageId)) last.set(usageId, Math.max(number, last.get(usageId) ?? 0));
  }
  return last;
}

/** Ranges that one query looks through. */
const AT_ONCE = 500;

export async function findRerated(
  store: Store,
  name: SubscriptionName,
  plan: string,
  session: Session,
): Promise<Rerated | undefined> {
  return (await store.rerates.findOne({ _id: `${ownerOf(name)} ${plan}` }, { session }))?.rerated;
}

export async function insertRerated(
  store: Store,
  name: SubscriptionName,
  rerated: Rerated,
  session: Session,
): Promise<void> {
  await store.rerates.insertOne({ _id: `${ownerOf(name)} ${rerated.plan}`, rerated }, { session });
}
