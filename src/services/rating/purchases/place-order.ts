import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { GivenFacts } from '../../../quote/input.js';
import { countedBy } from '../../../quote/stored-totals.js';
import { keepUp, takeTurns } from '../recording/take-turns.js';
import { getSubscription } from '../accounts/get-subscription.js';
import { openBatch, ownerOf, totalsOf } from '../recording/batch.js';
import { awaitCertainty } from '../recording/choose-revision.js';
import { draftOf, windowsOf } from '../recording/draft.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { rateSent } from '../recording/rate-use.js';
import type { SentUsage } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { type Order, type OrderKey, usageIdOf } from './order.js';
import { findOrder, insertOrder } from './order-store.js';

export type PlaceOrder = OrderKey & {
  readonly subscription: string;
  readonly given: GivenFacts;
  readonly fingerprint: string;
};

/**
 * Prices something bought in advance, by the revision of this moment, and keeps the price; nothing is counted, billed or
 * granted yet. Once for its id: again, the same answer.
 *
 * Throws ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND, NOT_LIVE, PURCHASE_ID_REUSED, UNAVAILABLE, and what pricing it is
 * refused with.
 */
export async function placeOrder(
  input: PlaceOrder,
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<Order> {
  const { store, book, clock, queues } = ports;
  const { strategy } = await getSubscription({ account: input.account, id: input.subscription }, ports);
  await awaitCertainty(book, strategy, clock.now(), signal);
  return inQueues(queues, [input.account], () =>
    store.mongo.transaction((session) => placeIn(session, input, ports)),
  );
}

async function placeIn(
  session: Session,
  input: PlaceOrder,
  { store, book, clock }: RecordingPorts,
): Promise<Order> {
  const turns = await takeTurns({ store, book }, [input.account], session);
  const earlier = await findOrder(store, input, session);
  if (earlier !== undefined) {
    if (earlier.fingerprint === input.fingerprint) return earlier;
    throw idReused(input);
  }
  const now = clock.now();
  const accounts = new Map(turns.map((found) => [found.account.id, found]));
  await keepUp(turns, { store, book }, session);
  const draft = draftOf(usageOf(input, now), { accounts, book, latest: now });
  if (draft.found.kind !== 'payer') throw draft.found.error;
  const { subscription, revision } = draft.found;
  const batch = openBatch(await findWindows(store, windowsOf([draft], 'purchase'), session), new Map(), now);
  const totals = totalsOf(batch, ownerOf(subscription), revision.strategy);
  const start = { totals, moment: 'purchase' } as const;
  const { rating, rated } = await rateSent(draft.usage, draft.found, start, { recordedAt: now, place: 0 });
  const { account, purchaseId, fingerprint } = input;
  const { grants = [] } = rated.evaluation;
  const after = countedBy(rated.moves);
  const open = { payment: undefined, cancelledAt: undefined };
  const order: Order = { account, purchaseId, fingerprint, rating, after, grants, ...open };
  await insertOrder(store, order, session);
  return order;
}

function usageOf(
  { account, purchaseId, subscription, given, fingerprint }: PlaceOrder,
  occurredAt: SentUsage['occurredAt'],
): SentUsage {
  const target = { kind: 'subscription', id: subscription } as const;
  return { account, usageId: usageIdOf(purchaseId), target, occurredAt, given, fingerprint };
}

function idReused({ account, purchaseId }: OrderKey): RatebookError {
  return new RatebookError(
    'PURCHASE_ID_REUSED',
    `The purchase id "${purchaseId}" of ${account} was used before for something else; give each purchase an id of its own.`,
    { metadata: { account, purchase_id: purchaseId } },
  );
}
