import {
  MongoBulkWriteError,
  MongoError,
  MongoErrorLabel,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { RatebookError } from '../../errors/error.js';

const retryAfterMs = 1_000;

/**
 * Server codes for: not primary, shutting down, interrupted by either, write concern not met in time; and what a server
 * says that has just come back and has no majority yet (133, 134), or no longer knows a cursor (43, 237).
 */
const awayCodes = new Set([
  6, 7, 43, 64, 89, 91, 133, 134, 189, 237, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** A write conflict, and a key that others kept taking. */
const conflictCodes = new Set([112, 11000]);

/**
 * What a failure of the driver means to a caller: UNAVAILABLE when MongoDB is away, elects, or did not say whether it
 * stored something; CONFLICT when others kept writing the same documents; undefined for every other error. The driver's text names hosts and stays in the cause.
 */
export function mongoFailure(error: unknown): RatebookError | undefined {
  const own = driverError(error);
  if (own instanceof MongoServerError && conflictCodes.has(Number(own.code))) {
    const message = 'Others kept changing the same records, and nothing was stored. Try again.';
    return new RatebookError('CONFLICT', message, { retryAfterMs, cause: error });
  }
  if (own === undefined || !isAway(own)) return undefined;
  const message = own.hasErrorLabel(MongoErrorLabel.UnknownTransactionCommitResult)
    ? 'The database did not say whether the change was stored. Send the same request again, with the same request id.'
    : 'The database cannot be reached at the moment. Try again.';
  return new RatebookError('UNAVAILABLE', message, { retryAfterMs, cause: error });
}

/** The driver's own error, if it is one. A write of several documents wraps it, and then its kind does not show. */
export function driverError(error: unknown): MongoError | undefined {
  if (!(error instanceof MongoError)) return undefined;
  const wrapped: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : undefined;
  return wrapped instanceof MongoError ? wrapped : error;
}

function isAway(error: MongoError): boolean {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    // A server that hangs keeps every connection of the pool. The driver does not export the class.
    error.name === 'MongoWaitQueueTimeoutError' ||
    // Closed under the call, since this process is stopping.
    ['MongoTopologyClosedError', 'MongoNotConnectedError', 'MongoClientClosedError'].includes(error.name) ||
    error.hasErrorLabel(MongoErrorLabel.UnknownTransactionCommitResult) ||
    error.hasErrorLabel(MongoErrorLabel.TransientTransactionError) ||
    error.hasErrorLabel(MongoErrorLabel.RetryableWriteError) ||
    (error instanceof MongoServerError && typeof error.code === 'number' && awayCodes.has(error.code))
  );
}
