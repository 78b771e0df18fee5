import { isZero } from '../../../money/decimal.js';
import { isCurrency } from '../../../money/currency.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { PricedGrant } from '../../../quote/grants.js';
import { plusDuration } from '../../../time/duration.js';
import type { Account } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';
import { revisionOfRating } from '../recording/recompute.js';
import { emptyWallet } from '../wallets/create-wallet.js';
import { grantIn } from '../wallets/grant-credit.js';
import type { Wallet } from '../wallets/wallet.js';
import { findWalletsOf, insertWallet } from '../wallets/wallet-store.js';
import type { Order } from './order.js';

export type ToGive = { readonly order: Order; readonly account: Account };

/**
 * Puts what a purchase gives into wallets of the account: the first, by id, that holds money or these units, or a new one.
 * It expires by the calendar of the strategy's zone, counted from the payment on.
 */
export async function giveGrants(
  session: Session,
  { order, account }: ToGive,
  ports: RecordingPorts,
): Promise<void> {
  const { strategy } = revisionOfRating(order.rating, ports.book);
  for (const [i, grant] of order.grants.entries()) {
    if (isZero(grant.quantity)) continue;
    const { wallet } = await walletFor(session, { account, grant }, ports);
    const { expires, quantity: amount, priority, prices } = grant;
    const expiresAt = expires && plusDuration(ports.clock.now(), expires, strategy.timeZone);
    const reference = grantReference(order, i);
    const made = { account: account.id, wallet, reference, amount, priority, prices, paid: true };
    await grantIn(
      session,
      { ...made, expiresAt: expiresAt || undefined, fingerprint: order.fingerprint },
      ports,
    );
  }
}

/** Callers may not use references that begin so. */
export function grantReference({ rating }: Pick<Order, 'rating'>, place: number): string {
  return `${rating.usageId} ${place + 1}`;
}

type For = { readonly account: Account; readonly grant: PricedGrant };

async function walletFor(
  session: Session,
  { account, grant }: For,
  { store, clock }: RecordingPorts,
): Promise<Wallet> {
  const unit = grant.unit ?? account.currency;
  const own = await findWalletsOf(store, [account.id], session);
  const found = own.find((wallet) => wallet.unit === unit);
  if (found !== undefined) return found;
  const wallet = emptyWallet({ account: account.id, wallet: freeId(unit, own), unit }, clock.now());
  await insertWallet(store, wallet, session);
  return wallet;
}

/** Money goes into `main`, units into a wallet of their name; where that id is taken, a number follows it. */
function freeId(unit: string, own: readonly Wallet[]): string {
  const id = isCurrency(unit) ? 'main' : unit;
  const taken = new Set(own.map(({ wallet }) => wallet));
  let free = id;
  for (let number = 2; taken.has(free); number++) free = `${id}-${number}`;
  return free;
}
