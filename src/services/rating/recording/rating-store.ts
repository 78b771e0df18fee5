import { firstOf } from '../../../platform/mongo/first-of.js';
import type { Found } from '../../../platform/page.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import {
  type RatingDocument,
  type Store,
  type UnpricedDocument,
  fromDecimal128,
  toDecimal128,
} from '../store.js';
import type { Cut, OnStatement } from '../statements/cut.js';
import type { ListedRatings } from './list-ratings.js';
import {
  fromStoredDiscount,
  fromStoredLine,
  fromStoredPart,
  toStoredDiscount,
  toStoredLine,
  toStoredPart,
} from './stored-parts.js';
import type { KeptUsage, Rating, SentUsage, UnpricedUsage, UsageOutcome } from './usage.js';

/** Names one use for ever. */
export type UsageKey = { readonly account: string; readonly usageId: string };

/** What is stored of these uses, by account and usage id: a rating of its own, or that it waits for one. */
export async function findKnown(
  store: Store,
  keys: readonly UsageKey[],
  session?: Session,
): Promise<{
  readonly ratings: ReadonlyMap<string, Rating>;
  readonly waiting: ReadonlyMap<string, UnpricedUsage>;
}> {
  const ids = keys.map((key) => ratingId({ ...key, number: 1 }));
  const found = await store.ratings.find({ _id: { $in: ids } }, { session }).toArray();
  const ratings = new Map(found.map((document) => [usageKey(document), fromDocument(document)]));
  return { ratings, waiting: await findUnpriced(store, keys, session) };
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
  const found = await store.unpriced.find({ _id: { $in: keys.map(usageKey) } }, { session }).toArray();
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

/** Tells the use apart from all others: an account's id has no blank. */
export function usageKey({ account, usageId }: UsageKey): string {
  return `${account} ${usageId}`;
}

export function ratingId(key: UsageKey & { readonly number: number }): string {
  return `${usageKey(key)} ${key.number}`;
}

export function toDocument(rating: Rating): RatingDocument {
  const { reverses, given, filled, facts, amount, lines, discounts, before, settlements, part, ...plain } =
    rating;
  return {
    _id: ratingId(rating),
    ...plain,
    ...(reverses !== undefined && { reverses }),
    ...(part !== undefined && { part: toStoredPart(part) }),
    given: [...given],
    filled: [...filled],
    facts: [...facts],
    amount: toDecimal128(amount),
    lines: lines.map(toStoredLine),
    discounts: discounts.map(toStoredDiscount),
    before: before.map(({ window, key, quantity, events }) => ({
      window,
      key,
      quantity: toDecimal128(quantity),
      events: toDecimal128(events),
    })),
    ...(settlements.length > 0 && {
      settlements: settlements.map((one) => ({ ...one, amount: toDecimal128(one.amount) })),
    }),
  };
}

export function fromDocument(document: RatingDocument): Rating {
  const { reverses, filled, facts, amount, lines, discounts, before, settlements = [] } = document;
  return {
    ...keptOf(document),
    number: document.number,
    revision: document.revision,
    contentHash: document.contentHash,
    currency: document.currency,
    moment: document.moment,
    period: document.period,
    dueAt: document.dueAt,
    ...(document.part !== undefined && { part: fromStoredPart(document.part) }),
    reverses,
    ...(document.isExact && { isExact: true }),
    ...(document.replaces && { replaces: document.replaces }),
    filled: new Map(filled),
    facts: new Map(facts),
    amount: fromDecimal128(amount),
    lines: lines.map(fromStoredLine),
    discounts: discounts.map(fromStoredDiscount),
    before: before.map(({ window, key, quantity, events }): StoredCounter => ({
      window,
      key,
      quantity: fromDecimal128(quantity),
      events: fromDecimal128(events),
    })),
    settlements: settlements.map((one) => ({ ...one, amount: fromDecimal128(one.amount) })),
  };
}

function toUnpriced(usage: UnpricedUsage): UnpricedDocument {
  return { _id: usageKey(usage), ...usage, given: [...usage.given] };
}

export function fromUnpriced(document: UnpricedDocument): UnpricedUsage {
  const { reason, message } = document;
  return { ...keptOf(document), reason, message };
}

/** What a rating and a use that waits for one have in common. */
function keptOf(document: RatingDocument | UnpricedDocument): KeptUsage {
  const { account, usageId, subscription, strategy, occurredAt, recordedAt } = document;
  const { turn, place, fingerprint } = document;
  const order = { recordedAt, turn, place };
  const given = new Map(document.given);
  return { account, usageId, subscription, strategy, occurredAt, ...order, fingerprint, given };
}
