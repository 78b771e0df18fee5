import { equals } from '../../../money/compare.js';
import { type Decimal, ONE, ZERO } from '../../../money/decimal.js';
import { firstOf } from '../../../platform/mongo/first-of.js';
import type { Found } from '../../../platform/page.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Discount, Line } from '../../../quote/line.js';
import type { Share } from '../../../pricing/price.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import {
  type RatingDocument,
  type Store,
  type StoredDecimal,
  type StoredDiscount,
  type StoredLine,
  type StoredShare,
  type StoredStand,
  type UnpricedDocument,
  fromDecimal128,
  toDecimal128,
} from '../store.js';
import type { ListedRatings } from './list-ratings.js';
import type { KeptUsage, Rating, UnpricedUsage } from './usage.js';

/** Names one use for ever. */
export type UsageKey = { readonly account: string; readonly usageId: string };

/** What is stored of these uses, by account and usage id: a rating of its own, or that it waits for one. */
export async function findKnown(
  store: Store,
  keys: readonly UsageKey[],
  session: Session,
): Promise<{
  readonly ratings: ReadonlyMap<string, Rating>;
  readonly waiting: ReadonlyMap<string, UnpricedUsage>;
}> {
  const ids = keys.map((key) => ratingId({ ...key, number: 1 }));
  const found = await store.ratings.find({ _id: { $in: ids } }, { session }).toArray();
  const ratings = new Map(found.map((document) => [usageKey(document), fromDocument(document)]));
  return { ratings, waiting: await findUnpriced(store, keys, session) };
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
  // From the id of the first to the sign after the digits; another use's id may begin with this one's and lie there too.
  const range = { $gt: `${usageKey(key)} `, $lt: `${usageKey(key)} :` };
  const found = await store.ratings.find({ _id: range, usageId: key.usageId }, { session }).toArray();
  return found.map(fromDocument).toSorted((a, b) => a.number - b.number);
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

/** The ratings after a position in the order of recording. */
export function ratingsAfter(
  store: Store,
  { account, subscription, from, to }: ListedRatings,
  after: Position | undefined,
  size: number,
): Promise<Found<Rating>> {
  const found = store.ratings.find({
    account,
    ...(subscription !== undefined && { subscription }),
    ...((from !== undefined || to !== undefined) && { occurredAt: { $gte: from, $lt: to } }),
    ...(after && laterThan(after)),
  });
  return firstOf(found.sort(RECORDED), size, fromDocument);
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

const RECORDED = { turn: 1, place: 1 } as const;

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

function ratingId(key: UsageKey & { readonly number: number }): string {
  return `${usageKey(key)} ${key.number}`;
}

function toDocument(rating: Rating): RatingDocument {
  const { reverses, given, filled, facts, amount, lines, discounts, before, ...plain } = rating;
  return {
    _id: ratingId(rating),
    ...plain,
    ...(reverses !== undefined && { reverses }),
    given: Object.fromEntries(given),
    filled: filled.size === 0 ? undefined : Object.fromEntries(filled),
    facts: Object.fromEntries(facts),
    amount: toDecimal128(amount),
    lines: lines.map(toStoredLine),
    discounts: discounts.length === 0 ? undefined : discounts.map(toStoredDiscount),
    before: before.length === 0 ? undefined : before.map(toStand),
  };
}

export function fromDocument(document: RatingDocument): Rating {
  const { reverses, filled = {}, facts, amount, lines, discounts = [], before = [] } = document;
  return {
    ...keptOf(document),
    number: document.number,
    revision: document.revision,
    contentHash: document.contentHash,
    currency: document.currency,
    moment: document.moment,
    period: document.period,
    dueAt: document.dueAt,
    reverses,
    filled: new Map(Object.entries(filled)),
    facts: new Map(Object.entries(facts)),
    amount: fromDecimal128(amount),
    lines: lines.map(fromStoredLine),
    discounts: discounts.map(fromStoredDiscount),
    before: before.map(fromStand),
  };
}

function toStand({ window, key, quantity, events }: StoredCounter): StoredStand {
  return { window, key, quantity: toDecimal128(quantity), events: toDecimal128(events) };
}

function fromStand({ window, key, quantity, events }: StoredStand): StoredCounter {
  return { window, key, quantity: fromDecimal128(quantity), events: fromDecimal128(events) };
}

function toUnpriced(usage: UnpricedUsage): UnpricedDocument {
  return { _id: usageKey(usage), ...usage, given: Object.fromEntries(usage.given) };
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
  const given = new Map(Object.entries(document.given));
  return { account, usageId, subscription, strategy, occurredAt, ...order, fingerprint, given };
}

function toStoredLine({ line, kind, price, rule, ...numbers }: Line): StoredLine {
  const { quantity, usedBefore, amount, net, shares } = numbers;
  return {
    line,
    kind,
    price,
    rule,
    quantity: toDecimal128(quantity),
    usedBefore: unless(ZERO, usedBefore),
    amount: toDecimal128(amount),
    net: unless(amount, net),
    shares: shares.length === 0 ? undefined : shares.map((share) => toStoredShare(share, numbers)),
  };
}

type OfLine = Pick<Line, 'quantity' | 'amount'>;

function toStoredShare({ tier, upTo, ...share }: Share, line: OfLine): StoredShare {
  return {
    tier,
    upTo: upTo && toDecimal128(upTo),
    quantity: unless(line.quantity, share.quantity),
    unitPrice: toDecimal128(share.unitPrice),
    per: unless(ONE, share.per),
    flat: unless(ZERO, share.flat),
    amount: unless(line.amount, share.amount),
  };
}

/** What is left out: undefined is not stored. */
function unless(usual: Decimal, value: Decimal): StoredDecimal | undefined {
  return equals(usual, value) ? undefined : toDecimal128(value);
}

function fromStoredLine({ line, kind, price, rule, ...stored }: StoredLine): Line {
  const [quantity, amount] = [fromDecimal128(stored.quantity), fromDecimal128(stored.amount)];
  return {
    line,
    kind: kind as Line['kind'],
    price,
    rule,
    quantity,
    usedBefore: orUsual(ZERO, stored.usedBefore),
    amount,
    net: orUsual(amount, stored.net),
    shares: (stored.shares ?? []).map((share) => fromStoredShare(share, { quantity, amount })),
  };
}

function fromStoredShare({ tier, upTo, ...share }: StoredShare, line: OfLine): Share {
  return {
    tier,
    upTo: upTo && fromDecimal128(upTo),
    quantity: orUsual(line.quantity, share.quantity),
    unitPrice: fromDecimal128(share.unitPrice),
    per: orUsual(ONE, share.per),
    flat: orUsual(ZERO, share.flat),
    amount: orUsual(line.amount, share.amount),
  };
}

function orUsual(usual: Decimal, stored: StoredDecimal | undefined): Decimal {
  return stored === undefined ? usual : fromDecimal128(stored);
}

function toStoredDiscount({ amount, lines, ...plain }: Discount): StoredDiscount {
  return {
    ...plain,
    amount: toDecimal128(amount),
    lines: [...lines].map(([line, loss]) => [line, toDecimal128(loss)]),
  };
}

function fromStoredDiscount({ kind, amount, lines, ...plain }: StoredDiscount): Discount {
  return {
    ...plain,
    kind: kind as Discount['kind'],
    amount: fromDecimal128(amount),
    lines: new Map(lines.map(([line, loss]) => [line, fromDecimal128(loss)])),
  };
}
