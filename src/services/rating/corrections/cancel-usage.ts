import type { Session } from '../../../platform/mongo/transaction.js';
import { takeTurns } from '../recording/take-turns.js';
import { subscriptionIn } from '../accounts/get-subscription.js';
import { openBatch, writeBatch } from '../recording/batch.js';
import { accountNotFound } from '../recording/find-payer.js';
import { usageNotFound } from '../recording/get-rating.js';
import { lateness, limitOfRating } from '../recording/late-limit.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { deleteUnpriced, findUnpriced, ratingsOf } from '../recording/rating-store.js';
import { type UsageKey, usageKey } from '../recording/usage-key.js';
import { reverseIn, windowsOfRating } from '../recording/reverse.js';
import type { Rating } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { findPurses } from '../wallets/purse-store.js';
import { liveOf } from './live.js';

/**
 * Takes a use back: a rating that counts it down again, under its own revision and facts, those of an amendment where it
 * was put right. Cancelled again, the same answer. A use that waits for a price is not kept, and then there is nothing to
 * answer. Its id is not free again.
 *
 * Throws ACCOUNT_NOT_FOUND, USAGE_NOT_FOUND, and LATE when a statement has covered it for too long.
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
  const [at] = await takeTurns({ store, book }, [key.account], session);
  if (at === undefined) throw accountNotFound(key.account);
  const ratings = await ratingsOf(store, key, session);
  if (ratings.length === 0) {
    const waiting = await findUnpriced(store, [key], session);
    if (!waiting.has(usageKey(key))) throw usageNotFound(key);
    await deleteUnpriced(store, [key], session);
    return undefined;
  }
  const live = liveOf(ratings);
  if (live === undefined)
    return ratings.findLast(({ reverses, isExact }) => reverses !== undefined && !isExact);
  const now = clock.now();
  const subscription = subscriptionIn(at, { account: live.account, id: live.subscription });
  const late = await lateness(limitOfRating(live, subscription, book), { store, now }, session);
  if (late !== undefined) throw late;
  const windows = await findWindows(store, windowsOfRating(live, book), session);
  const batch = openBatch(windows, await findPurses(store, [at], [live], session), now);
  const reversal = await reverseIn(batch, live, { book, number: ratings.length + 1, turn: at.turn });
  await writeBatch(store, batch, session);
  return reversal;
}
