import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { takeAccountTurns } from '../accounts/account-store.js';
import { accountNotFound } from './find-payer.js';
import { openBatch, writeBatch } from './batch.js';
import type { RecordingPorts } from './ports.js';
import { inQueues } from './queues.js';
import { type UsageKey, deleteUnpriced, findUnpriced, ratingsOf, usageKey } from './rating-store.js';
import { reverseIn, windowsOfRating } from './reverse.js';
import type { Rating } from './usage.js';
import { findPurses } from '../wallets/purse-store.js';
import { findWindows } from './window-store.js';

/**
 * Takes a use back: a rating that counts it down again, under its own revision and facts. Cancelled again, the same
 * answer. A use that waits for a price is not kept, and then there is nothing to answer. Its id is not free again.
 *
 * Throws ACCOUNT_NOT_FOUND and USAGE_NOT_FOUND.
 */
export function cancelUsage(key: UsageKey, ports: RecordingPorts): Promise<Rating | undefined> {
  const { store, queues } = ports;
  return inQueues(queues, [key.account], () =>
    store.mongo.transaction((session) => cancelIn(session, key, ports)),
  );
}

async function cancelIn(
  session: Session,
  key: UsageKey,
  { store, book, clock }: RecordingPorts,
): Promise<Rating | undefined> {
  const [found] = await takeAccountTurns(store, [key.account], session);
  if (found === undefined) throw accountNotFound(key.account);
  const ratings = await ratingsOf(store, key, session);
  const [rating] = ratings;
  if (rating === undefined) {
    const waiting = await findUnpriced(store, [key], session);
    if (!waiting.has(usageKey(key))) throw usageNotFound(key);
    await deleteUnpriced(store, [key], session);
    return undefined;
  }
  const earlier = ratings.find(({ reverses }) => reverses === rating.number);
  if (earlier !== undefined) return earlier;
  const windows = await findWindows(store, windowsOfRating(rating, book), session);
  const purses = await findPurses(store, [found], [rating], session);
  const batch = openBatch(windows, purses, clock.now());
  const reversal = await reverseIn(batch, rating, { book, number: ratings.length + 1, turn: found.turn });
  await writeBatch(store, batch, session);
  return reversal;
}

export function usageNotFound({ account, usageId }: UsageKey): RatebookError {
  const message = `Nothing is recorded as "${usageId}" of accounts/${account}; look at the id, or record it first.`;
  return new RatebookError('USAGE_NOT_FOUND', message, { metadata: { account, usage_id: usageId } });
}
