import type { Collection } from 'mongodb';
import { type AnswerDocument, dropOldAnswers } from '../../platform/mongo/answer-once.js';
import type { Mongo } from '../../platform/mongo/connect.js';
import type { Session } from '../../platform/mongo/transaction.js';
import { type RevisionName, resourceName } from '../../strategy/revision-name.js';
import type { Instant } from '../../time/instant.js';
import type { Changed, NewRevision, Revision, RevisionWithSource } from './revision.js';

/** The catalog's database. Every transaction writes `head` first, so that all changes of a catalog stand in one order. */
export type Store = {
  readonly mongo: Mongo;
  readonly head: Collection<HeadDocument>;
  readonly revisions: Collection<RevisionDocument>;
  readonly news: Collection<NewsDocument>;
  readonly requests: Collection<AnswerDocument<Changed>>;
};

export type Head = {
  /** How many pieces of news there are; the number of the newest. */
  readonly sequence: bigint;
  /** See watermark.ts. */
  readonly watermark: Instant;
};

type HeadDocument = Head & { readonly _id: 'head' };
type RevisionDocument = NewRevision & { readonly _id: string };
/** That a revision was published or withdrawn. Numbered from 1 without gaps, in the order of the commits. */
type NewsDocument = { readonly _id: bigint; readonly revision: string };

/** Creates what is not there yet; safe to call from several processes at once. */
export async function openStore(mongo: Mongo, database: string): Promise<Store> {
  const db = mongo.db(database);
  const store: Store = {
    mongo,
    head: db.collection<HeadDocument>('head'),
    revisions: db.collection<RevisionDocument>('revisions'),
    news: db.collection<NewsDocument>('news'),
    requests: db.collection<AnswerDocument<Changed>>('requests'),
  };
  await store.head.updateOne(
    { _id: 'head' },
    { $setOnInsert: { sequence: 0n, watermark: 0n } },
    { upsert: true },
  );
  await store.revisions.createIndex({ strategy: 1, number: -1 }, { unique: true }, {});
  // Partial: the instant of a withdrawn revision is free again for the one that replaces it.
  await store.revisions.createIndex(
    { strategy: 1, effectiveFrom: 1 },
    { unique: true, partialFilterExpression: { withdrawn: false } },
    {},
  );
  await dropOldAnswers(store);
  return store;
}

const withoutSource = { _id: 0, source: 0, canonical: 0, terms: 0 } as const;
const withSource = { _id: 0, canonical: 0, terms: 0 } as const;

export async function readHead(store: Store): Promise<Head> {
  return existing(await store.head.findOne({ _id: 'head' }));
}

/**
 * Takes the transaction's place in the order of all changes and the number of its news. Another transaction that took
 * its place after this one's snapshot makes this one run again, so whatever it reads is what it finds at its turn.
 */
export async function takeTurn(store: Store, session: Session): Promise<Head> {
  const options = { session, returnDocument: 'after' } as const;
  return existing(await store.head.findOneAndUpdate({ _id: 'head' }, { $inc: { sequence: 1n } }, options));
}

/** Never lowers it. Waits for transactions that have taken their turn. */
export async function raiseWatermark(store: Store, watermark: Instant): Promise<Head> {
  const options = { returnDocument: 'after' } as const;
  return existing(await store.head.findOneAndUpdate({ _id: 'head' }, { $max: { watermark } }, options));
}

function existing(head: HeadDocument | null): Head {
  if (head === null) throw new Error('The catalog has lost its head document.');
  return { sequence: head.sequence, watermark: head.watermark };
}

export async function findRevision(
  store: Store,
  name: Required<RevisionName>,
  session?: Session,
): Promise<NewRevision | undefined> {
  const _id = resourceName(name);
  return (await store.revisions.findOne({ _id }, { session, projection: { _id: 0 } })) ?? undefined;
}

/** The newest that is not withdrawn. */
export async function findCurrent(store: Store, strategy: string): Promise<RevisionWithSource | undefined> {
  const options = { sort: { number: -1 }, projection: withSource } as const;
  return (await store.revisions.findOne({ strategy, withdrawn: false }, options)) ?? undefined;
}

/** The terms of the newest that is not withdrawn. */
export async function currentTerms(
  store: Store,
  strategy: string,
): Promise<Pick<NewRevision, 'number' | 'terms'> | undefined> {
  const options = { sort: { number: -1 }, projection: { _id: 0, number: 1, terms: 1 } } as const;
  return (await store.revisions.findOne({ strategy, withdrawn: false }, options)) ?? undefined;
}

/** 0 for a strategy that was never published. */
export async function newestNumber(store: Store, strategy: string, session?: Session): Promise<number> {
  const options = { session, sort: { number: -1 }, projection: { number: 1 } } as const;
  return (await store.revisions.findOne({ strategy }, options))?.number ?? 0;
}

/** The number of the revision that takes effect at this very instant, if there is one. */
export async function numberEffectiveFrom(
  store: Store,
  strategy: string,
  effectiveFrom: Instant,
  session?: Session,
): Promise<number | undefined> {
  const options = { session, projection: { number: 1 } } as const;
  return (await store.revisions.findOne({ strategy, effectiveFrom, withdrawn: false }, options))?.number;
}

/** A revision with what decides which other may follow it. */
export type Neighbour = Pick<NewRevision, 'number' | 'effectiveFrom' | 'appliesTo' | 'terms'>;

/**
 * Those that take effect before an instant, or after it, nearest first: up to the first that is for everyone, beyond which
 * no subscription stays or comes from.
 */
export async function neighbours(
  store: Store,
  { strategy, effectiveFrom }: Pick<Revision, 'strategy' | 'effectiveFrom'>,
  side: 'before' | 'after',
  session?: Session,
): Promise<readonly Neighbour[]> {
  const span = side === 'before' ? { $lt: effectiveFrom } : { $gt: effectiveFrom };
  const projection = { _id: 0, number: 1, effectiveFrom: 1, appliesTo: 1, terms: 1 } as const;
  const found = store.revisions
    .find({ strategy, withdrawn: false, effectiveFrom: span }, { session, projection })
    .sort({ effectiveFrom: side === 'before' ? -1 : 1 });
  const near: Neighbour[] = [];
  for await (const revision of found as AsyncIterable<Neighbour>) {
    near.push(revision);
    if (revision.appliesTo === 'everyone') break;
  }
  return near;
}

export async function insertRevision(
  store: Store,
  revision: NewRevision,
  sequence: bigint,
  session: Session,
): Promise<void> {
  const _id = resourceName(revision);
  await store.revisions.insertOne({ _id, ...revision }, { session });
  await store.news.insertOne({ _id: sequence, revision: _id }, { session });
}

/** Sets the mark and tells it. */
export async function markWithdrawn(
  store: Store,
  { strategy, number, withdrawnAt }: Pick<Revision, 'strategy' | 'number' | 'withdrawnAt'>,
  sequence: bigint,
  session: Session,
): Promise<Revision> {
  const _id = resourceName({ strategy, number });
  const options = { session, projection: withoutSource, returnDocument: 'after' } as const;
  const change = { $set: { withdrawn: true, withdrawnAt } };
  const revision = await store.revisions.findOneAndUpdate({ _id }, change, options);
  if (revision === null) throw new Error(`${_id} was there in this transaction and is gone.`);
  await store.news.insertOne({ _id: sequence, revision: _id }, { session });
  return revision;
}

/** Newest first, those with a number below `before`. */
export function revisionsBefore(
  store: Store,
  strategy: string,
  before: number,
  limit: number,
): Promise<Revision[]> {
  return store.revisions
    .find({ strategy, number: { $lt: before } }, { projection: withoutSource })
    .sort({ number: -1 })
    .limit(limit)
    .toArray();
}

/** The newest revision of each strategy whose id comes after `after`. The group is answered from the index alone. */
export async function newestAfter(store: Store, after: string, limit: number): Promise<Revision[]> {
  const ids = await store.revisions
    .aggregate<{ readonly _id: string; readonly number: number }>([
      { $match: { strategy: { $gt: after } } },
      { $sort: { strategy: 1, number: -1 } },
      { $group: { _id: '$strategy', number: { $first: '$number' } } },
      { $sort: { _id: 1 } },
      { $limit: limit },
    ])
    .toArray();
  const names = ids.map(({ _id, number }) => resourceName({ strategy: _id, number }));
  return store.revisions
    .find({ _id: { $in: names } }, { projection: withoutSource })
    .sort({ strategy: 1 })
    .toArray();
}

/** A piece of news with its revision as it is now, which may be later than the news. */
export type News = { readonly sequence: bigint; readonly revision: RevisionWithSource };

/** The news after `after` up to `upTo`, at most `limit`, in order. */
export async function newsBetween(store: Store, after: bigint, upTo: bigint, limit: number): Promise<News[]> {
  const range = { $gt: after, $lte: upTo };
  const told = await store.news.find({ _id: range }).sort({ _id: 1 }).limit(limit).toArray();
  const ids = told.map((news) => news.revision);
  // The driver has written these texts: to check megabytes of them again would only hold up other calls.
  const options = { projection: { canonical: 0, terms: 0 }, enableUtf8Validation: false } as const;
  const documents = await store.revisions.find({ _id: { $in: ids } }, options).toArray();
  const byId = new Map(documents.map(({ _id, ...revision }) => [_id, revision]));
  return told.flatMap((news) => {
    const revision = byId.get(news.revision);
    return revision === undefined ? [] : [{ sequence: news._id, revision }];
  });
}
