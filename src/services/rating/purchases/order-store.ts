import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import { fromDocument, toDocument } from '../recording/rating-document.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import type { OrderDocument, Store } from '../store.js';
import { type Order, type OrderKey, orderKey } from './order.js';

export async function findOrder(store: Store, key: OrderKey, session: Session): Promise<Order | undefined> {
  const found = await store.orders.findOne({ _id: orderKey(key) }, { session });
  return found === null ? undefined : orderOf(found);
}

export async function insertOrder(store: Store, order: Order, session: Session): Promise<void> {
  await store.orders.insertOne(documentOf(order), { session });
}

export async function setPayment(
  store: Store,
  { payment, ...key }: OrderKey & { readonly payment: string },
  session: Session,
): Promise<void> {
  await store.orders.updateOne({ _id: orderKey(key) }, { $set: { payment } }, { session });
}

export async function setCancelled(
  store: Store,
  { cancelledAt, ...key }: OrderKey & { readonly cancelledAt: Instant },
  session: Session,
): Promise<void> {
  await store.orders.updateOne({ _id: orderKey(key) }, { $set: { cancelledAt } }, { session });
}

function documentOf({ rating, after, grants, payment, cancelledAt, ...plain }: Order): OrderDocument {
  return {
    _id: orderKey(plain),
    ...plain,
    ...(payment !== undefined && { payment }),
    ...(cancelledAt !== undefined && { cancelledAt }),
    rating: toDocument(rating),
    after: after.map(({ quantity, events, ...counter }) => ({
      ...counter,
      quantity: toDecimal128(quantity),
      events: toDecimal128(events),
    })),
    grants: grants.map(({ quantity, ...grant }) => ({ ...grant, quantity: toDecimal128(quantity) })),
  };
}

function orderOf({ rating, after, grants, payment, cancelledAt, ...plain }: OrderDocument): Order {
  const { account, purchaseId, fingerprint } = plain;
  return {
    account,
    purchaseId,
    fingerprint,
    payment,
    cancelledAt,
    rating: fromDocument(rating),
    after: after.map(({ quantity, events, window, key }) => ({
      window,
      key,
      quantity: fromDecimal128(quantity),
      events: fromDecimal128(events),
    })),
    grants: grants.map(({ rule, unit, quantity, prices, expires, rollOver, priority }) => ({
      rule,
      unit,
      quantity: fromDecimal128(quantity),
      prices,
      expires,
      rollOver,
      priority,
    })),
  };
}
