import { setTimeout as pause } from 'node:timers/promises';
import { MongoServerError } from 'mongodb';
import { RatebookError, violationError } from '../../../errors/error.js';
import { mongoFailure } from '../../../platform/mongo/failure.js';
import type { RecordingPorts } from '../recording/ports.js';
import type { StoredEvent } from './event.js';
import { type Watched, eventOf, openChanges } from './event-store.js';

export type WatchEventsInput = Watched & {
  /** Where to go on; undefined: from now on. */
  readonly token: string | undefined;
  /** Ends the stream. */
  readonly signal: AbortSignal;
};

/** An event, or only how far the watcher has come. */
export type Told = { readonly event?: StoredEvent; readonly token: string };

/** A watcher that hears of nothing gets a new token so often, or its old one would be forgotten by the database. */
const QUIET_TURNS = 20;

/** Between looks: short for those who wait, long enough that watchers leave connections to others. */
const PAUSE_MS = 20;

/**
 * First where the stream begins, then every event as it is stored, each with the token to go on from; each at least
 * once, those of one account in their order. Throws INVALID_REQUEST for a token that is none, EVENTS_FORGOTTEN when the
 * database no longer knows what came after it, and UNAVAILABLE while the database is away: watch again from the last token.
 */
export async function* watchEvents(
  { token, signal, ...watched }: WatchEventsInput,
  { store }: Pick<RecordingPorts, 'store'>,
): AsyncGenerator<Told, void> {
  const changes = openChanges(store, watched, token);
  let told: string | undefined;
  let quiet = 0;
  try {
    while (!signal.aborted) {
      const change = await changes.tryNext();
      const reached = tokenIn(changes.resumeToken);
      if (change?.operationType === 'insert') {
        yield { event: eventOf(store, change.ns.coll, change.fullDocument), token: tokenIn(change._id) };
        quiet = 0;
        continue;
      }
      if (told === undefined || ++quiet % QUIET_TURNS === 0) yield { token: reached };
      told = reached;
      await pause(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw watchFailure(error, told === undefined ? token : undefined);
  } finally {
    await changes.close();
  }
}

/** The driver's type for tokens is unknown; the server's are documents with one text. */
function tokenIn(token: unknown): string {
  return String((token as { readonly _data: unknown })._data);
}

/** Server codes for tokens whose place in the record of changes is overwritten. */
const FORGOTTEN = new Set([136, 280, 286]);

/** With a token that nothing has come of yet, whatever the server does not like is the token. */
function watchFailure(error: unknown, token: string | undefined): unknown {
  if (!(error instanceof MongoServerError)) return mongoFailure(error) ?? error;
  if (FORGOTTEN.has(Number(error.code)))
    return new RatebookError(
      'EVENTS_FORGOTTEN',
      'What came after this token is no longer known; list what is stored, and watch from now on without a token.',
      { cause: error },
    );
  return mongoFailure(error) ?? (token === undefined ? error : notAToken(token));
}

function notAToken(token: string): RatebookError {
  const description = `"${token.slice(0, 40)}" is none that this service gave; send the last one that it did, or none`;
  return violationError('INVALID_REQUEST', [{ field: 'resume_token', description }]);
}
