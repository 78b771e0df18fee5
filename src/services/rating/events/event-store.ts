import { formatDecimal } from '../../../money/decimal.js';
import type { Change } from '../../../platform/mongo/changes.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { fromDocument, fromUnpriced } from '../recording/rating-document.js';
import type { EventDocument, RatingDocument, Store, UnpricedDocument } from '../store.js';
import type { RatingEvent, StoredEvent } from './event.js';

/** Stores events with what has happened, in its transaction. */
export async function insertEvents(
  store: Store,
  events: readonly RatingEvent[],
  session: Session,
): Promise<void> {
  if (events.length === 0) return;
  await store.events.insertMany(
    // The database drops documents by its own kind of date.
    events.map((event) => ({ ...event, storedAt: new Date(Number(event.at / 1_000_000n)) })),
    { session },
  );
}

/** What a document that was inserted tells. */
export function eventOf(
  store: Store,
  { collection, document }: NonNullable<Change['inserted']>,
): StoredEvent {
  switch (collection) {
    case store.ratings.collectionName:
      return ratedEvent(document as RatingDocument);
    case store.unpriced.collectionName:
      return unpricedEvent(document as UnpricedDocument);
    default: {
      const { type, account, at, data } = document as EventDocument;
      return { id: String(document['_id']), type, account, at, data };
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
  return { id: `rating ${document._id}`, type: 'ratebook.usage.rated', account, at: recordedAt, data };
}

function unpricedEvent(document: UnpricedDocument): StoredEvent {
  const { account, usageId, subscription, reason, message, recordedAt } = fromUnpriced(document);
  const data = { usage_id: usageId, subscription, reason, message };
  return { id: `unpriced ${document._id}`, type: 'ratebook.usage.unpriced', account, at: recordedAt, data };
}
