import { RatebookError } from '../../../errors/error.js';
import { plus } from '../../../money/arithmetic.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { billedWindow } from '../../../quote/totals.js';
import { takeTurns } from '../recording/take-turns.js';
import { openBatch, writeBatch, keepRating } from '../recording/batch.js';
import { accountNotFound } from '../recording/find-payer.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { ratingsOf } from '../recording/rating-store.js';
import { revisionOfRating } from '../recording/recompute.js';
import { windowsOfRating } from '../recording/reverse.js';
import type { Rating } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { countersMoved } from './counters-moved.js';
import { giveGrants } from './give-grants.js';
import { type Order, type OrderKey, orderNotFound } from './order.js';
import { findOrder, setPayment } from './order-store.js';

export type ConfirmOrder = OrderKey & { readonly payment: string };

export type Confirmed = { readonly order: Order; readonly rating: Rating };

/**
 * Says that a purchase is paid: in one transaction it becomes a rating, which the payment has settled, and gives what it
 * gives. Once: the same payment again is answered with the same.
 *
 * Throws ACCOUNT_NOT_FOUND, PURCHASE_NOT_FOUND, PURCHASE_CANCELLED, and PURCHASE_PAID when another payment has paid for it.
 */
export function confirmOrder(input: ConfirmOrder, ports: RecordingPorts): Promise<Confirmed> {
  const { store, queues } = ports;
  return inQueues(queues, [input.account], () =>
    store.mongo.transaction((session) => confirmIn(session, input, ports)),
  );
}

async function confirmIn(session: Session, input: ConfirmOrder, ports: RecordingPorts): Promise<Confirmed> {
  const { store, book, clock } = ports;
  const [at] = await takeTurns(ports, [input.account], session);
  if (at === undefined) throw accountNotFound(input.account);
  const order = await findOrder(store, input, session);
  if (order === undefined) throw orderNotFound(input);
  if (order.cancelledAt !== undefined) throw cancelled(input);
  const { account, rating: priced, payment } = order;
  if (payment !== undefined) {
    if (payment !== input.payment) throw paidAlready(input, payment);
    const [rating = priced] = await ratingsOf(store, { account, usageId: priced.usageId }, session);
    return { order, rating };
  }
  const found = await findWindows(store, windowsOfRating(priced, book), session);
  const batch = openBatch(found, new Map(), clock.now());
  const settled = {
    wallet: '',
    grant: input.payment,
    price: '',
    amount: priced.amount,
    unit: priced.currency,
  };
  const rating = keepRating(batch, {
    rating: { ...priced, turn: at.turn, place: 0, recordedAt: batch.recordedAt, settlements: [settled] },
    counters: countersMoved(order, found, plus),
    window: billedWindow(revisionOfRating(priced, book).strategy, priced.occurredAt),
  });
  await writeBatch(store, batch, session);
  await setPayment(store, input, session);
  await giveGrants(session, { order, account: at.account }, ports);
  return { order: { ...order, payment: input.payment }, rating };
}

function cancelled({ account, purchaseId }: OrderKey): RatebookError {
  return new RatebookError(
    'PURCHASE_CANCELLED',
    `The purchase "${purchaseId}" of ${account} was cancelled; give the payment back, or buy again under another id.`,
    { metadata: { account, purchase_id: purchaseId } },
  );
}

function paidAlready({ account, purchaseId }: OrderKey, payment: string): RatebookError {
  return new RatebookError(
    'PURCHASE_PAID',
    `The purchase "${purchaseId}" of ${account} is paid by "${payment}"; what was paid twice is to be given back.`,
    { metadata: { account, purchase_id: purchaseId, payment } },
  );
}
