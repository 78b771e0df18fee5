import { isZero } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { plusDuration } from '../../../time/duration.js';
import type { Account } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';
import { revisionOfRating } from '../recording/recompute.js';
import { putGrant } from '../wallets/put-grant.js';
import type { Order } from './order.js';

export type ToGive = { readonly order: Order; readonly account: Account };

/** Gives what a purchase gives. It expires by the calendar of the strategy's zone, counted from the payment on. */
export async function giveGrants(
  session: Session,
  { order, account }: ToGive,
  ports: RecordingPorts,
): Promise<void> {
  const { strategy } = revisionOfRating(order.rating, ports.book);
  for (const [
    i,
    { expires, quantity, unit = account.currency, priority, prices },
  ] of order.grants.entries()) {
    if (isZero(quantity)) continue;
    const grant = {
      account: account.id,
      unit,
      reference: grantReference(order, i),
      amount: quantity,
      priority,
      prices,
      expiresAt:
        expires === undefined ? undefined : plusDuration(ports.clock.now(), expires, strategy.timeZone),
      paid: true,
      fingerprint: order.fingerprint,
    };
    await putGrant(session, grant, ports);
  }
}

/** Callers may not use references that begin so. */
export function grantReference({ rating }: Pick<Order, 'rating'>, place: number): string {
  return `${rating.usageId} ${place + 1}`;
}
