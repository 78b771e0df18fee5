import type { ChangeStream, Document, WithId } from 'mongodb';
import { formatDecimal } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { fromDocument, fromUnpriced } from '../recording/rating-store.js';
import type { EventDocument, RatingDocument, Store, UnpricedDocument } from '../store.js';
import type { EventType, RatingEvent, StoredEvent } from './event.js';

/** Whose events are watched, and which; undefined: all. */
export type Watched = {
  readonly account: string | undefined;
  readonly types: readonly EventType[] | undefined;
};

/** Stores events with what has happened, in its transaction. */
export async function insertEvents(
  store: Store,
  events: readonly RatingEvent[],
  session: Session,
): Promise<void> {
  if (events.length === 0) return;
  const storedAt = new Date();
  await store.events.insertMany(
    events.map((event) => ({ ...event, storedAt })),
    { session },
  );
}

/** How long the database may wait for something to happen before it says that nothing has. */
const maxAwaitTimeMS = 250;

/**
 * What is stored from now on, or after a token, in the order in which it was. Ratings and uses that wait for a price tell
 * of themselves: the database's own record of changes is the outbox, so nothing is stored twice.
 */
export function openChanges(store: Store, watched: Watched, token: string | undefined): ChangeStream {
  const db = store.mongo.db(store.ratings.dbName);
  return db.watch(pipelineOf(store, watched), {
    maxAwaitTimeMS,
    ...(token !== undefined && { resumeAfter: { _data: token } }),
  });
}

function pipelineOf(store: Store, { account, types }: Watched): Document[] {
  const wants = (type: EventType) => types === undefined || types.includes(type);
  const own = types?.filter((type) => type !== RATED && type !== UNPRICED);
  const sources = [
    ...(wants(RATED) ? [{ 'ns.coll': store.ratings.collectionName }] : []),
    ...(wants(UNPRICED) ? [{ 'ns.coll': store.unpriced.collectionName }] : []),
    {
      'ns.coll': store.events.collectionName,
      ...(own !== undefined && { 'fullDocument.type': { $in: own } }),
    },
  ];
  return [
    {
      $match: {
        operationType: 'insert',
        $or: sources,
        ...(account !== undefined && { 'fullDocument.account': account }),
      },
    },
  ];
}

const RATED = 'ratebook.usage.rated';
const UNPRICED = 'ratebook.usage.unpriced';

/** What a document that was inserted tells. */
export function eventOf(store: Store, collection: string, document: Document): StoredEvent {
  switch (collection) {
    case store.ratings.collectionName:
      return ratedEvent(document as RatingDocument);
    case store.unpriced.collectionName:
      return unpricedEvent(document as UnpricedDocument);
    default: {
      const { type, account, at, data, _id } = document as WithId<EventDocument>;
      return { id: String(_id), type, account, at, data };
    }
  }
}

function ratedEvent(document: RatingDocument): StoredEvent {
  const { account, usageId, number, subscription, moment, currency, amount, recordedAt } =
    fromDocument(document);
  const data = {
    usage_id: usageId,
    number: String(number),
    subscription,
    moment,
    currency,
    amount: formatDecimal(amount),
  };
  return { id: `rating ${document._id}`, type: RATED, account, at: recordedAt, data };
}

function unpricedEvent(document: UnpricedDocument): StoredEvent {
  const { account, usageId, subscription, reason, message, recordedAt } = fromUnpriced(document);
  const data = { usage_id: usageId, subscription, reason, message };
  return { id: `unpriced ${document._id}`, type: UNPRICED, account, at: recordedAt, data };
}
