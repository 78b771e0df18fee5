import { isCurrency } from '../../../money/currency.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { AccountPorts } from '../accounts/ports.js';
import { emptyWallet } from './create-wallet.js';
import { type GrantInput, grantIn } from './grant-credit.js';
import type { Wallet } from './wallet.js';
import { findWalletsOf, insertWallet } from './wallet-store.js';

/** A grant that names no wallet; `unit` is a currency or what its units are of. */
export type ToPut = Omit<GrantInput, 'wallet'> & { readonly unit: string };

/**
 * Puts what a rule gives into a wallet of the account: the first, by id, that holds money or these units, or a new one. In
 * a transaction that has taken the turn of the account. Throws INVALID_REQUEST and TOO_LARGE.
 */
export async function putGrant(
  session: Session,
  { unit, ...grant }: ToPut,
  ports: AccountPorts,
): Promise<void> {
  const { wallet } = await walletFor(session, { account: grant.account, unit }, ports);
  await grantIn(session, { ...grant, wallet }, ports);
}

async function walletFor(
  session: Session,
  { account, unit }: Pick<ToPut, 'account' | 'unit'>,
  { store, clock }: AccountPorts,
): Promise<Wallet> {
  const own = await findWalletsOf(store, [account], session);
  const found = own.find((wallet) => wallet.unit === unit);
  if (found !== undefined) return found;
  const wallet = emptyWallet({ account, wallet: freeId(unit, own), unit }, clock.now());
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
