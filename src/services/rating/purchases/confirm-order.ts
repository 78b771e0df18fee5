import { RatebookError } from '../../../errors/error.js';
import { minus, plus } from '../../../money/arithmetic.js';
import { ZERO } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import { billedWindow } from '../../../quote/totals.js';
import { takeAccountTurns } from '../accounts/account-store.js';
import { openBatch, ownerOf, writeBatch, keepRating } from '../recording/batch.js';
import { accountNotFound } from '../recording/find-payer.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { ratingsOf } from '../recording/rating-store.js';
import { revisionOfRating } from '../recording/recompute.js';
import { windowsOfRating } from '../recording/reverse.js';
import type { Rating } from '../recording/usage.js';
import { type StoredWindows, countedFor, findWindows } from '../recording/window-store.js';
import { giveGrants } from './give-grants.js';
import type { Order, OrderKey } from './order.js';
import { findOrder, setPayment } from './order-store.js';

export type ConfirmOrder = OrderKey & { readonly payment: string };

export type Confirmed = { readonly order: Order; readonly rating: Rating };

/**
 * Says that a purchase is paid: in one transaction it becomes a rating, which the payment has settled, and gives what it
 * gives. Once: the same payment again is answered with the same.
 *
 * Throws ACCOUNT_NOT_FOUND, PURCHASE_NOT_FOUND, and PURCHASE_PAID when another payment has paid for it.
 */
export function confirmOrder(input: ConfirmOrder, ports: RecordingPorts): Promise<Confirmed> {
  const { store, queues } = ports;
  return inQueues(queues, [input.account], () =>
    store.mongo.transaction((session) => confirmIn(session, input, ports)),
  );
}

async function confirmIn(session: Session, input: ConfirmOrder, ports: RecordingPorts): Promise<Confirmed> {
  const { store, book, clock } = ports;
  const [at] = await takeAccountTurns(store, [input.account], session);
  if (at === undefined) throw accountNotFound(input.account);
  const order = await findOrder(store, input, session);
  if (order === undefined) throw notFound(input);
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
    counters: countersAfter(order, found),
    window: billedWindow(revisionOfRating(priced, book).strategy, priced.occurredAt),
  });
  await writeBatch(store, batch, session);
  await setPayment(store, input, session);
  await giveGrants(session, { order, account: at.account }, ports);
  return { order: { ...order, payment: input.payment }, rating };
}

/** What it moved when it was priced, on from where the counters stand now. */
function countersAfter({ rating, after }: Order, found: StoredWindows): readonly StoredCounter[] {
  const owner = ownerOf({ account: rating.account, id: rating.subscription });
  const counted = countedFor(found, owner);
  return after.map(({ window, key, quantity, events }) => {
    const before = rating.before.find((one) => one.window === window && one.key === key);
    const now = counted.get(window)?.get(key);
    return {
      window,
      key,
      quantity: plus(now?.quantity ?? ZERO, minus(quantity, before?.quantity ?? ZERO)),
      events: plus(now?.events ?? ZERO, minus(events, before?.events ?? ZERO)),
    };
  });
}

function notFound({ account, purchaseId }: OrderKey): RatebookError {
  return new RatebookError(
    'PURCHASE_NOT_FOUND',
    `Nothing was bought as "${purchaseId}" of accounts/${account}; look at the id, or call Purchase first.`,
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
