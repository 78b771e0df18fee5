import { setTimeout as pause } from 'node:timers/promises';
import { MongoError, MongoErrorLabel, MongoServerSelectionError, WriteConcern } from 'mongodb';
import type { ClientSession, MongoClient, TransactionOptions } from 'mongodb';
import { mongoFailure } from './failure.js';

/** What ties a read or write to its transaction. */
export type Session = ClientSession;

/** Without majority on the commit, snapshot reads promise nothing, not even to a transaction that only reads. */
const options: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: new WriteConcern('majority', undefined, true),
  readPreference: 'primary',
};

/** After this long a transaction that keeps meeting others gives up; the driver's own limit is two minutes. */
const patienceMs = 10_000;
const longestPauseMs = 200;

/**
 * Runs `body` in a transaction and commits it. The body runs again when it met another transaction, so it has no effect
 * but through the session, and never catches an error of the driver. Whatever it decides by it also writes: snapshots
 * alone allow write skew. What it throws itself aborts the transaction and reaches the caller.
 *
 * Throws UNAVAILABLE when MongoDB is away, when the body met others for ten seconds, and when it is unknown whether the
 * commit was stored; the caller repeats the whole request, whose request id or natural key tells what happened.
 */
export async function inTransaction<T>(
  client: MongoClient,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const session = client.startSession();
  const giveUp = Date.now() + patienceMs;
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(session, body);
      } catch (error) {
        if (!isWorthRepeating(error) || Date.now() > giveUp) throw mongoFailure(error) ?? error;
      }
      await pause(Math.random() * Math.min(5 * 2 ** attempt, longestPauseMs));
    }
  } finally {
    await session.endSession();
  }
}

async function once<T>(session: Session, body: (session: Session) => Promise<T>): Promise<T> {
  session.startTransaction(options);
  let result: T;
  try {
    result = await body(session);
  } catch (error) {
    // The server drops the transaction by itself when it cannot be told.
    await session.abortTransaction().catch(() => undefined);
    throw error;
  }
  // The driver repeats an unanswered commit once by itself, which is safe: the server knows the transaction's number.
  await session.commitTransaction();
  return result;
}

/** It met another transaction or lost its connection. When no server was found for seconds, the caller waited enough. */
function isWorthRepeating(error: unknown): boolean {
  return (
    error instanceof MongoError &&
    error.hasErrorLabel(MongoErrorLabel.TransientTransactionError) &&
    !(error instanceof MongoServerSelectionError)
  );
}
