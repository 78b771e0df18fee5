import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import type { RatingEvent } from './event.js';

/** Stores events with what they tell of. */
export async function keepEvents(
  store: Store,
  events: readonly RatingEvent[],
  session: Session,
): Promise<void> {
  if (events.length === 0) return;
  const documents = events.map(({ id, ...event }) => ({ _id: id, ...event }));
  await store.events.insertMany(documents, { session });
}
