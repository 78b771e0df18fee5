import type { Collection, Decimal128 } from 'mongodb';
import { type AnswerDocument, dropOldAnswers } from '../../platform/mongo/answer-once.js';
import type { Mongo } from '../../platform/mongo/connect.js';
import type { LeaseDocument } from '../../platform/mongo/lease.js';
import type { PricedGrant } from '../../quote/grants.js';
import type { GivenFact } from '../../quote/input.js';
import type { Instant, Span } from '../../time/instant.js';
import type { Account, Subscription } from './accounts/account.js';
import type { Coupon } from './coupons/coupon.js';
import type { Rerated } from './corrections/plan.js';
import type { RatingEvent } from './events/event.js';
import type { Hold } from './holds/hold.js';
import type { PeriodDocument } from './periods/period-store.js';
import type { Earned, RatedPart, Rating, Settlement, UnpricedUsage } from './recording/usage.js';
import type { Order } from './purchases/order.js';
import type { GrantDocument, PostingDocument, WalletDocument } from './wallets/wallet-document.js';
import type { StatementDocument } from './statements/statement-document.js';

/**
 * The rating service's database. Whatever decides how a use is rated belongs to one account, and every transaction that
 * records usage or changes an account or its subscriptions writes the account's document first: so all of them stand in
 * one order.
 */
export type Store = {
  readonly mongo: Mongo;
  readonly accounts: Collection<AccountDocument>;
  readonly subscriptions: Collection<SubscriptionDocument>;
  readonly ratings: Collection<RatingDocument>;
  readonly unpriced: Collection<UnpricedDocument>;
  readonly windows: Collection<WindowDocument>;
  readonly periods: Collection<PeriodDocument>;
  readonly leases: Collection<LeaseDocument>;
  readonly requests: Collection<RequestDocument>;
  readonly events: Collection<EventDocument>;
  readonly statements: Collection<StatementDocument>;
  readonly rerates: Collection<RerateDocument>;
  readonly coupons: Collection<CouponDocument>;
  readonly orders: Collection<OrderDocument>;
  readonly wallets: Collection<WalletDocument>;
  readonly grants: Collection<GrantDocument>;
  readonly postings: Collection<PostingDocument>;
  readonly holds: Collection<HoldDocument>;
};

export type AccountDocument = Omit<Account, 'id'> & {
  /** The id. */
  readonly _id: string;
  /** How many transactions have changed it, its subscriptions or its ratings. */
  readonly turn: number;
  /** The newest revision for the past that was known when it was rated, by the number of its news; none unless given. */
  readonly backdated?: bigint;
};

/** `_id` is `ACCOUNT/ID`. */
export type SubscriptionDocument = Subscription & {
  readonly _id: string;
  /** Up to where what falls due is rated, and what that was worked out from. */
  readonly settled?: { readonly upTo: Instant; readonly basis: string };
  /** When it is to be looked at again; not there when nothing falls due any more. */
  readonly dueNext?: Instant;
  /** The fencing number of the background run that looked at it last. */
  readonly fence?: bigint;
};

/** The answer to a request with an id, as its kind of change keeps it. */
export type RequestDocument = AnswerDocument<unknown>;

/**
 * One rating; `_id` is `ACCOUNT USAGE_ID NUMBER`. Never changed. There are more of them than of all else together, so that
 * what goes without saying is left out.
 */
export type RatingDocument = Omit<Rating, 'reverses' | keyof StoredParts> &
  StoredParts & { readonly _id: string; readonly reverses?: number };

/** What of a rating the database has in another form. */
type StoredParts = {
  readonly part?: StoredPart | undefined;
  readonly given: StoredFacts;
  /** None unless given; likewise all lists that follow. */
  readonly filled?: StoredFacts | undefined;
  readonly facts: Fields<string>;
  readonly amount: Decimal128;
  readonly lines: readonly StoredLine[];
  readonly discounts?: readonly StoredDiscount[] | undefined;
  readonly before?: readonly StoredStand[] | undefined;
  readonly settlements?: readonly StoredSettlement[] | undefined;
};

export type StoredPart = Omit<RatedPart, 'totals' | 'earned'> & {
  readonly earned?: Omit<Earned, 'amount'> & { readonly amount: Decimal128 };
  readonly totals: readonly {
    readonly price: string;
    readonly quantity: Decimal128;
    readonly decidedBy?: string;
  }[];
};

export type StoredDecimal = Decimal128;

export type StoredFacts = Fields<GivenFact>;

/** A map is written as it is, and comes back as an object. */
export type Fields<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>;

export function fromFields<T>(fields: Fields<T>): ReadonlyMap<string, T> {
  return isMap(fields) ? fields : new Map(Object.entries(fields));
}

export function fieldOf<T>(fields: Fields<T>, name: string): T | undefined {
  return isMap(fields) ? fields.get(name) : fields[name];
}

function isMap<T>(fields: Fields<T>): fields is ReadonlyMap<string, T> {
  return fields instanceof Map;
}

export type StoredLine = {
  readonly line: string;
  readonly kind: string;
  readonly price: string;
  readonly rule: string;
  readonly quantity: Decimal128;
  /** 0 unless given. */
  readonly usedBefore?: Decimal128 | undefined;
  readonly amount: Decimal128;
  /** The amount unless given. */
  readonly net?: Decimal128 | undefined;
  /** None unless given. */
  readonly shares?: readonly StoredShare[] | undefined;
};

export type StoredShare = {
  readonly tier: number;
  readonly upTo?: Decimal128 | undefined;
  /** That of the line unless given. */
  readonly quantity?: Decimal128 | undefined;
  readonly unitPrice: Decimal128;
  /** 1 unless given. */
  readonly per?: Decimal128 | undefined;
  /** 0 unless given. */
  readonly flat?: Decimal128 | undefined;
  /** That of the line unless given. */
  readonly amount?: Decimal128 | undefined;
};

export type StoredDiscount = {
  readonly kind: string;
  readonly rule: string;
  readonly label: string;
  readonly amount: Decimal128;
  readonly lines: readonly (readonly [line: string, amount: Decimal128])[];
};

export type StoredStand = {
  /** Kind and start of its window. */
  readonly window: string;
  readonly key: string;
  readonly quantity: Decimal128;
  readonly events: Decimal128;
};

export type StoredSettlement = Omit<Settlement, 'amount'> & { readonly amount: Decimal128 };

/** A use that waits for a price; `_id` is `ACCOUNT USAGE_ID`. */
export type UnpricedDocument = Omit<UnpricedUsage, 'given'> & {
  readonly _id: string;
  readonly given: StoredFacts;
};

/**
 * What is kept of one subscription in one window; `_id` is `ACCOUNT/SUBSCRIPTION KIND START`. Counters, and in a window
 * that is billed what all its ratings come to: so a statement costs by its lines and not by its ratings.
 *
 * Where a window has many groups, most have documents of their own with nothing but their counters: the group's text
 * follows in the `_id`, or after a `#` its SHA-256 where it is long.
 */
export type WindowDocument = {
  readonly _id: string;
  /** By the counter's key, as a name that a document's field may have. */
  readonly counters?: StoredPairs;
  /** `ACCOUNT/SUBSCRIPTION`; like all that follows only where something is billed. */
  readonly owner?: string;
  readonly period?: Span;
  readonly dueAt?: Instant;
  /** What was rated, by the key of its line: quantity and amount. */
  readonly sums?: StoredPairs;
  /** That part of it which is on statements. */
  readonly billed?: StoredPairs;
  readonly ratings?: number;
  /** Those that are on no statement yet. */
  readonly unbilled?: number;
};

/** A plan that was stored, with its answer; `_id` is `ACCOUNT/SUBSCRIPTION PLAN`. */
export type RerateDocument = { readonly _id: string; readonly rerated: Rerated };

/** Two numbers under each key, which is written as a name that a document's field may have. */
export type StoredPairs = Readonly<Record<string, readonly [quantity: Decimal128, other: Decimal128]>>;

/** `_id` is `ACCOUNT PURCHASE_ID`. */
export type OrderDocument = Omit<Order, 'rating' | 'after' | 'grants' | 'payment' | 'cancelledAt'> & {
  readonly _id: string;
  readonly rating: RatingDocument;
  readonly after: readonly StoredStand[];
  readonly grants: readonly (Omit<PricedGrant, 'quantity'> & { readonly quantity: Decimal128 })[];
  readonly payment?: string;
  readonly cancelledAt?: Instant;
};

/** `_id` is its code. */
export type CouponDocument = Omit<Coupon, 'code'> & { readonly _id: string };

/** Something to tell others, stored with what has happened. */
export type EventDocument = RatingEvent & { readonly storedAt: Date };

/** Watchers are told as events are stored; they are kept for those who look into what happened. */
const EVENTS_KEPT_DAYS = 30;

/** `_id` is `ACCOUNT HOLD_ID`. */
export type HoldDocument = Omit<Hold, 'amount' | 'parts'> & {
  readonly _id: string;
  readonly amount: Decimal128;
  readonly parts: readonly StoredSettlement[];
};

/** Ratings whose amount is known only when their period closes. */
export const MEASURED = { 'lines.kind': 'measured' };

/** Size of a cursor's batch where all is wanted at once; unless told, the first has 101 documents. */
export const WHOLE = 10_000;

/** Windows that are billed. */
const BILLED = { owner: { $exists: true } };

/** Creates what is not there yet; safe to call from several processes at once. */
export async function openStore(mongo: Mongo, database: string): Promise<Store> {
  const db = mongo.db(database);
  const store: Store = {
    mongo,
    accounts: db.collection<AccountDocument>('accounts'),
    subscriptions: db.collection<SubscriptionDocument>('subscriptions'),
    ratings: db.collection<RatingDocument>('ratings'),
    unpriced: db.collection<UnpricedDocument>('unpriced'),
    windows: db.collection<WindowDocument>('windows'),
    periods: db.collection<PeriodDocument>('periods'),
    leases: db.collection<LeaseDocument>('leases'),
    requests: db.collection<RequestDocument>('requests'),
    events: db.collection<EventDocument>('events'),
    statements: db.collection<StatementDocument>('statements'),
    rerates: db.collection<RerateDocument>('rerates'),
    coupons: db.collection<CouponDocument>('coupons'),
    orders: db.collection<OrderDocument>('orders'),
    wallets: db.collection<WalletDocument>('wallets'),
    grants: db.collection<GrantDocument>('grants'),
    postings: db.collection<PostingDocument>('postings'),
    holds: db.collection<HoldDocument>('holds'),
  };
  await store.subscriptions.createIndex({ account: 1, id: 1 }, { unique: true }, {});
  await store.ratings.createIndex({ account: 1, turn: 1, place: 1 }, {}, {});
  await store.ratings.createIndex(
    { account: 1, subscription: 1, occurredAt: 1, turn: 1, place: 1 },
    { partialFilterExpression: MEASURED },
    {},
  );
  await store.periods.createIndex({ owner: 1, end: 1 }, {}, {});
  await store.subscriptions.createIndex({ dueNext: 1 }, {}, {});
  await store.unpriced.createIndex({ account: 1, turn: 1, place: 1 }, {}, {});
  await store.windows.createIndex({ owner: 1, dueAt: 1 }, { partialFilterExpression: BILLED }, {});
  await store.statements.createIndex({ owner: 1, number: 1 }, { unique: true }, {});
  await store.events.createIndex({ storedAt: 1 }, { expireAfterSeconds: EVENTS_KEPT_DAYS * 86_400 }, {});
  await store.wallets.createIndex({ account: 1, wallet: 1 }, { unique: true }, {});
  await store.grants.createIndex({ account: 1, wallet: 1 }, {}, {});
  await store.wallets.createIndex({ 'grants.expiresAt': 1 }, {}, {});
  await store.holds.createIndex({ expiresAt: 1 }, { partialFilterExpression: { state: 'open' } }, {});
  await dropOldAnswers(store);
  return store;
}
