import { type Sought, insertsOf } from '../../../platform/mongo/changes.js';
import type { RecordingPorts } from '../recording/ports.js';
import type { Store } from '../store.js';
import type { EventType, StoredEvent } from './event.js';
import { eventOf } from './event-store.js';

export type WatchEventsInput = {
  /** Of one account; undefined: of all. */
  readonly account: string | undefined;
  /** Undefined: all. */
  readonly types: readonly EventType[] | undefined;
  /** Where to go on; undefined: from now on. */
  readonly token: string | undefined;
  /** Ends the stream. */
  readonly signal: AbortSignal;
};

/** An event, or only how far the watcher has come. */
export type Told = { readonly event?: StoredEvent; readonly token: string };

/**
 * First where the stream begins, then every event as it is stored, each with the token to go on from; each at least
 * once, those of one account in their order. Ratings and uses that wait for a price tell of themselves, so that nothing
 * is stored twice. Throws what `insertsOf` throws.
 */
export async function* watchEvents(
  input: WatchEventsInput,
  { store }: Pick<RecordingPorts, 'store'>,
): AsyncGenerator<Told, void> {
  const { token, signal } = input;
  for await (const change of insertsOf(store.mongo, { ...soughtBy(input, store), token, signal })) {
    const { inserted } = change;
    yield { ...(inserted && { event: eventOf(store, inserted) }), token: change.token };
  }
}

function soughtBy({ account, types }: WatchEventsInput, { ratings, unpriced, events }: Store): Sought {
  const wants = (type: EventType) => types === undefined || types.includes(type);
  const sources = [
    ...(wants('ratebook.usage.rated') ? [{ 'ns.coll': ratings.collectionName }] : []),
    ...(wants('ratebook.usage.unpriced') ? [{ 'ns.coll': unpriced.collectionName }] : []),
    {
      'ns.coll': events.collectionName,
      ...(types !== undefined && { 'fullDocument.type': { $in: types } }),
    },
  ];
  const match = { $or: sources, ...(account !== undefined && { 'fullDocument.account': account }) };
  return { database: ratings.dbName, match };
}
