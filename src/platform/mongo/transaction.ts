import { setTimeout as pause } from 'node:timers/promises';
import {
  MongoErrorLabel,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  WriteConcern,
} from 'mongodb';
import type { ClientSession, MongoClient, TransactionOptions } from 'mongodb';
import { driverError, mongoFailure } from './failure.js';

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
/** The server's code. */
const duplicateKey = 11000;

/**
 * Runs `body` in a transaction and commits it, or rolls it back where only what it comes to is wanted. The body runs again when it met another transaction, so it has no effect
 * but through the session, and never catches an error of the driver. Whatever it decides by it also writes: snapshots
 * alone allow write skew. What it throws itself aborts the transaction and reaches the caller.
 *
 * Throws UNAVAILABLE when MongoDB is away, and when it is unknown whether the commit was stored: the caller repeats the
 * whole request, whose request id or natural key tells what happened. Throws CONFLICT after meeting others for ten seconds.
 */
export async function inTransaction<T>(
  client: MongoClient,
  body: (session: Session) => Promise<T>,
  end: 'commit' | 'roll_back' = 'commit',
): Promise<T> {
  const session = client.startSession();
  const giveUp = Date.now() + patienceMs;
  const repeat = async <R>(work: () => Promise<R>, label: string): Promise<R> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!isWorthRepeating(error, label) || Date.now() > giveUp) throw error;
      }
      await pause(Math.random() * Math.min(5 * 2 ** attempt, longestPauseMs));
    }
  };
  // Committing again is safe, since the server knows the transaction by its number. Not to do so would leave it open, and
  // with it what it has written closed to all others, until the server gives it up a minute later.
  const commit = () =>
    repeat(() => session.commitTransaction(), MongoErrorLabel.UnknownTransactionCommitResult);
  const finish = end === 'commit' ? commit : () => session.abortTransaction();
  try {
    return await repeat(() => once(session, body, finish), MongoErrorLabel.TransientTransactionError);
  } catch (error) {
    throw mongoFailure(error) ?? error;
  } finally {
    await session.endSession();
  }
}

async function once<T>(
  session: Session,
  body: (session: Session) => Promise<T>,
  finish: () => Promise<void>,
): Promise<T> {
  session.startTransaction(options);
  let result: T;
  try {
    result = await body(session);
  } catch (error) {
    // The server drops the transaction by itself when it cannot be told.
    await session.abortTransaction().catch(() => undefined);
    throw error;
  }
  await finish();
  return result;
}

/**
 * When no server was found for seconds, the caller has waited enough. A lost connection is worth it without the label too:
 * the driver gives none when its heartbeat has noticed the loss before the call does. So is a key that another transaction
 * has taken since this one's snapshot: run again, the body finds it.
 */
function isWorthRepeating(error: unknown, label: string): boolean {
  const own = driverError(error);
  if (own === undefined || own instanceof MongoServerSelectionError) return false;
  const isTaken = own instanceof MongoServerError && own.code === duplicateKey;
  return own.hasErrorLabel(label) || own instanceof MongoNetworkError || isTaken;
}
