import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type {
  CancelPurchaseRequest,
  ConfirmPurchaseRequest,
  PurchaseOrderSchema,
  PurchaseRequest,
} from '../../../gen/ratebook/v1/rate_pb.js';
import { formatDecimal } from '../../../money/decimal.js';
import { readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { fingerprintOf } from '../../../platform/request-key.js';
import { parseSubscriptionName, subscriptionName } from '../accounts/account.js';
import { takeAccountName } from '../accounts/convert-account.js';
import { toProtoDiscount, toProtoLine } from '../convert-quote.js';
import { takeFacts } from '../recording/convert-usage.js';
import type { ConfirmOrder } from './confirm-order.js';
import { grantReference } from './give-grants.js';
import type { Order, OrderKey } from './order.js';
import type { PlaceOrder } from './place-order.js';

/** With what Ratebook puts before it, an id of 256 characters. */
const LONGEST_ID = 200;
const CONTROLS = /\p{Cc}/u;

export function fromProtoPurchase(request: PurchaseRequest): PlaceOrder {
  return readRequest((complain) => {
    const take = taking(complain);
    const none = { account: '', id: '' };
    const { account, id } = take('subscription', parseSubscriptionName(request.subscription), none);
    return {
      account,
      subscription: id,
      purchaseId: take('purchase_id', parseId(request.purchaseId), ''),
      given: takeFacts(request.facts, take),
      fingerprint: fingerprintOf(request),
    };
  });
}

export function fromProtoConfirmPurchase(request: ConfirmPurchaseRequest): ConfirmOrder {
  return readRequest((complain) => {
    const take = taking(complain);
    return {
      account: takeAccountName('account', request.account, take),
      purchaseId: take('purchase_id', parseId(request.purchaseId), ''),
      payment: take('payment', parseId(request.payment), ''),
    };
  });
}

export function fromProtoCancelPurchase(request: CancelPurchaseRequest): OrderKey {
  return readRequest((complain) => {
    const take = taking(complain);
    return {
      account: takeAccountName('account', request.account, take),
      purchaseId: take('purchase_id', parseId(request.purchaseId), ''),
    };
  });
}

function parseId(id: string): Parsed<string> {
  if (id === '') return refused('is missing; it is what makes it done once');
  if (id.length > LONGEST_ID) return refused(`has ${id.length} characters; at most ${LONGEST_ID} are taken`);
  return CONTROLS.test(id) ? refused('has control characters') : parsed(id);
}

export function toProtoOrder(order: Order): MessageInitShape<typeof PurchaseOrderSchema> {
  const { account, purchaseId, rating, grants, payment, cancelledAt } = order;
  const { subscription, amount, lines, discounts, currency, occurredAt } = rating;
  const price = {
    amount: formatDecimal(amount),
    total: formatDecimal(amount),
    lines: lines.map(toProtoLine),
    discounts: discounts.map(toProtoDiscount),
  };
  return {
    purchaseId,
    subscription: subscriptionName({ account, id: subscription }),
    price,
    currency,
    grants: grants.map(({ quantity, priority, prices }, i) => ({
      reference: grantReference(order, i),
      amount: formatDecimal(quantity),
      remaining: formatDecimal(quantity),
      priority,
      prices: [...prices],
    })),
    payment: payment ?? '',
    purchasedAt: toTimestamp(occurredAt),
    ...(cancelledAt !== undefined && { cancelledAt: toTimestamp(cancelledAt) }),
  };
}
