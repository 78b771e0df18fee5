import { setTimeout as pause } from 'node:timers/promises';
import { type Document, MongoServerError } from 'mongodb';
import { RatebookError, violationError } from '../../errors/error.js';
import type { Mongo } from './connect.js';
import { mongoFailure } from './failure.js';

/** Which inserts are looked for, by the fields of a change: `ns.coll`, `fullDocument.NAME`. */
export type Sought = { readonly database: string; readonly match: Document };

export type Inserts = Sought & {
  /** Where to go on; undefined: from now on. */
  readonly token: string | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
};

/** A document that was inserted, or only how far the reader has come. */
export type Change = {
  readonly inserted?: { readonly collection: string; readonly document: Document };
  readonly token: string;
};

/** How long the database may wait for something to happen before it says that nothing has. */
const maxAwaitTimeMS = 250;
/** Between looks, so that readers leave connections to others. */
const PAUSE_MS = 20;
/** A reader that finds nothing gets a new token once in so many looks, or the database would forget its old one. */
const QUIET_LOOKS = 20;

/**
 * First where the stream begins, then every document as it is stored, each with the token to go on from. The database's
 * own record of changes is read, so documents come in the order in which their transactions were committed, each at least once.
 *
 * Throws INVALID_REQUEST for a token that is none, EVENTS_FORGOTTEN when the database no longer knows what came after it,
 * and UNAVAILABLE while the database is away: go on from the last token.
 */
export async function* insertsOf(mongo: Mongo, inserts: Inserts): AsyncGenerator<Change, void> {
  const { database, match, token, signal } = inserts;
  const changes = mongo.db(database).watch([{ $match: { operationType: 'insert', ...match } }], {
    maxAwaitTimeMS,
    ...(token !== undefined && { resumeAfter: { _data: token } }),
  });
  let looks = 0;
  try {
    while (!signal.aborted) {
      const change = await changes.tryNext();
      if (change?.operationType === 'insert') {
        const inserted = { collection: change.ns.coll, document: change.fullDocument };
        yield { inserted, token: textOf(change._id) };
        continue;
      }
      if (looks++ % QUIET_LOOKS === 0) yield { token: textOf(changes.resumeToken) };
      await pause(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw failureOf(error, looks === 0 ? token : undefined);
  } finally {
    await changes.close();
  }
}

/** The driver does not say what tokens are; the server's are documents with one text. */
function textOf(token: unknown): string {
  return String((token as { readonly _data: unknown })._data);
}

/** Server codes for tokens whose place in the record of changes is overwritten. */
const FORGOTTEN = new Set([136, 280, 286]);

/** With a token that nothing has come of yet, whatever else the server does not like is the token. */
function failureOf(error: unknown, token: string | undefined): unknown {
  if (!(error instanceof MongoServerError)) return mongoFailure(error) ?? error;
  if (FORGOTTEN.has(Number(error.code))) {
    const message =
      'What came after this token is no longer known; list what is stored, and watch from now on without a token.';
    return new RatebookError('EVENTS_FORGOTTEN', message, { cause: error });
  }
  return mongoFailure(error) ?? (token === undefined ? error : notAToken(token));
}

function notAToken(token: string): RatebookError {
  const description = `"${token.slice(0, 40)}" is none that this service gave; send the last one that it did, or none`;
  return violationError('INVALID_REQUEST', [{ field: 'resume_token', description }]);
}
