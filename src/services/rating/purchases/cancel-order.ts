import { RatebookError } from '../../../errors/error.js';
import type { Part } from '../../../ledger/funds.js';
import { type Grant, freeOf, isExpired } from '../../../ledger/grant.js';
import { minus, negate } from '../../../money/arithmetic.js';
import { equals } from '../../../money/compare.js';
import { ZERO, formatDecimal, isZero } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { billedWindow } from '../../../quote/totals.js';
import type { Instant } from '../../../time/instant.js';
import { keepRating, openBatch, writeBatch } from '../recording/batch.js';
import { exactNegative } from '../recording/exact-negative.js';
import { accountNotFound } from '../recording/find-payer.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { ratingsOf } from '../recording/rating-store.js';
import { revisionOfRating } from '../recording/recompute.js';
import { windowsOfRating } from '../recording/reverse.js';
import { takeTurns } from '../recording/take-turns.js';
import type { Rating } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { type Purse, openPurse, takeOut } from '../wallets/purse.js';
import { findWalletsOf } from '../wallets/wallet-store.js';
import { countersMoved } from './counters-moved.js';
import { grantReference } from './give-grants.js';
import { type Order, type OrderKey, orderNotFound } from './order.js';
import { findOrder, setCancelled } from './order-store.js';

/** The reversal is there when it was paid. */
export type Cancelled = { readonly order: Order; readonly reversal: Rating | undefined };

/**
 * Takes a purchase back: one that is not paid can be paid no more; of one that is, what it gave leaves the wallets, its
 * rating is taken back exactly, and the payment is to be given back. Again, the same answer. There is no late limit.
 *
 * Throws ACCOUNT_NOT_FOUND, PURCHASE_NOT_FOUND, and PURCHASE_USED when some of what it gave is used, held or expired.
 */
export function cancelOrder(key: OrderKey, ports: RecordingPorts): Promise<Cancelled> {
  const { store, queues } = ports;
  return inQueues(queues, [key.account], () =>
    store.mongo.transaction((session) => cancelIn(session, key, ports)),
  );
}

async function cancelIn(session: Session, key: OrderKey, ports: RecordingPorts): Promise<Cancelled> {
  const { store, clock } = ports;
  const [at] = await takeTurns(ports, [key.account], session);
  if (at === undefined) throw accountNotFound(key.account);
  const order = await findOrder(store, key, session);
  if (order === undefined) throw orderNotFound(key);
  const { account, usageId } = order.rating;
  const [rating, earlier] = await ratingsOf(store, { account, usageId }, session);
  if (order.cancelledAt !== undefined) return { order, reversal: earlier };
  const cancelledAt = clock.now();
  const reversal =
    rating && (await reversePaid(session, { order, rating, turn: at.turn, cancelledAt }, ports));
  await setCancelled(store, { ...key, cancelledAt }, session);
  return { order: { ...order, cancelledAt }, reversal };
}

type Paid = {
  readonly order: Order;
  readonly rating: Rating;
  /** The account's. */
  readonly turn: number;
  readonly cancelledAt: Instant;
};

async function reversePaid(
  session: Session,
  { order, rating, turn, cancelledAt }: Paid,
  { store, book }: RecordingPorts,
): Promise<Rating> {
  const { account } = order;
  const purse = openPurse(account, await findWalletsOf(store, [account], session));
  for (const part of partsOf(order, purse, cancelledAt))
    takeOut(purse, [part], { reason: 'reversal', book: 'payments', reference: part.grant, at: cancelledAt });
  const found = await findWindows(store, windowsOfRating(rating, book), session);
  const batch = openBatch(found, new Map([[account, purse]]), cancelledAt);
  const back = rating.settlements.map((one) => ({ ...one, amount: negate(one.amount) }));
  const reversal: Rating = {
    ...rating,
    ...exactNegative(rating),
    ...{ number: 2, turn, place: 0, recordedAt: cancelledAt },
    reverses: rating.number,
    isExact: true,
    settlements: back,
  };
  const counters = countersMoved(order, found, minus);
  const window = billedWindow(revisionOfRating(rating, book).strategy, rating.occurredAt);
  const kept = keepRating(batch, { rating: reversal, counters, window });
  await writeBatch(store, batch, session);
  return kept;
}

/** All that it gave. Throws PURCHASE_USED unless all of it is still there. */
function partsOf(order: Order, { wallets }: Purse, at: Instant): readonly Part[] {
  return order.grants.flatMap(({ quantity }, i) => {
    if (isZero(quantity)) return [];
    const reference = grantReference(order, i);
    const own = wallets.flatMap(({ wallet, unit, grants }) =>
      grants.filter((grant) => grant.reference === reference).map((grant) => ({ wallet, unit, grant })),
    );
    const [found] = own;
    if (found === undefined || !isWhole(found.grant, at)) throw used(order, found?.grant);
    return [{ wallet: found.wallet, grant: reference, price: '', amount: quantity }];
  });
}

function isWhole(grant: Grant, at: Instant): boolean {
  return equals(freeOf(grant), grant.amount) && !isExpired(grant, at);
}

function used({ account, purchaseId, ...order }: Order, grant: Grant | undefined): RatebookError {
  const gave = grant === undefined ? '' : ` of ${formatDecimal(grant.amount)}`;
  const left = formatDecimal(grant === undefined ? ZERO : freeOf(grant));
  return new RatebookError(
    'PURCHASE_USED',
    `Of what the purchase "${purchaseId}" of ${account} gave, ${left}${gave} is left that is neither used nor held, and only what is whole and has not expired is taken back; give back what it is worth to you as a credit.`,
    { metadata: { account, purchase_id: purchaseId, payment: order.payment ?? '', left } },
  );
}
