import { RatebookError, violationError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Grant } from '../../../ledger/grant.js';
import { balanceOf } from '../../../ledger/funds.js';
import { plus } from '../../../money/arithmetic.js';
import { ZERO, formatDecimal } from '../../../money/decimal.js';
import { isCurrency } from '../../../money/currency.js';
import type { Instant } from '../../../time/instant.js';
import { accountAtItsTurn } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import { insertEvents } from '../events/event-store.js';
import { isStorable } from '../recording/storable.js';
import { walletAtItsTurn } from './get-wallet.js';
import { openPurse, putInto } from './purse.js';
import { writePurses } from './purse-store.js';
import { type MadeGrant, type Wallet, type WalletName, walletName } from './wallet.js';
import { findGrants } from './wallet-store.js';

export type GrantInput = WalletName &
  Pick<Grant, 'reference' | 'amount' | 'priority' | 'expiresAt' | 'prices'> & {
    /** Whether a customer has paid for it; a present otherwise. */
    readonly paid: boolean;
    /** What tells a repeat from another grant under the same reference. */
    readonly fingerprint: string;
  };

export type Granted = {
  /** As it was made. */
  readonly grant: Grant;
  /** As it is now. */
  readonly wallet: Wallet;
};

/**
 * Puts money or units into a wallet, once for its reference: again, the same answer. What is owed is paid from it first.
 * Throws ACCOUNT_NOT_FOUND, WALLET_NOT_FOUND, REFERENCE_REUSED, INVALID_REQUEST and TOO_LARGE.
 */
export function grantCredit(input: GrantInput, ports: AccountPorts): Promise<Granted> {
  return ports.store.mongo.transaction(async (session) => {
    await accountAtItsTurn(ports.store, input.account, session);
    return grantIn(session, input, ports);
  });
}

/** The same in a transaction that has taken the turn of the account. */
export async function grantIn(
  session: Session,
  input: GrantInput,
  { store, clock }: AccountPorts,
): Promise<Granted> {
  const found = await walletAtItsTurn(store, input, session);
  const [earlier] = await findGrants(store, input.account, [input.reference], session);
  if (earlier !== undefined) {
    if (earlier.fingerprint !== input.fingerprint) throw referenceReused(input);
    return { grant: earlier.grant, wallet: found };
  }
  refuseUnusable(found, input);
  const at = clock.now();
  const purse = openPurse(input.account, [found]);
  const cause = { reason: 'grant', book: input.paid ? 'payments' : 'presents' } as const;
  const { grant } = putInto(purse, madeGrant(input, at), { ...cause, reference: input.reference, at });
  await insertEvents(
    store,
    await writePurses(store, new Map([[input.account, purse]]), at, session),
    session,
  );
  return { grant, wallet: purse.wallets[0] ?? found };
}

function madeGrant(input: GrantInput, grantedAt: Instant): MadeGrant {
  const { account, wallet, fingerprint, reference, priority, expiresAt, prices, amount, paid } = input;
  const made = { reference, priority, expiresAt, grantedAt, prices, amount, remaining: amount, held: ZERO };
  const grant: Grant = paid ? made : { ...made, isPresent: true };
  return { account, wallet, fingerprint, grant };
}

/** Every use reads all grants of which something is left. */
const MOST_GRANTS = 500;

function refuseUnusable(wallet: Wallet, { amount, prices }: GrantInput): void {
  if (!isCurrency(wallet.unit) && prices.length === 0)
    throw violation('prices', `is empty; name the prices for which ${wallet.unit} units are used up`);
  const balance = plus(balanceOf(wallet), amount);
  if (!isStorable(balance))
    throw violation(
      'amount',
      `would make the balance ${formatDecimal(balance)}, which is too long to be kept`,
    );
  if (wallet.grants.length < MOST_GRANTS) return;
  throw new RatebookError(
    'TOO_LARGE',
    `There is something left of ${MOST_GRANTS} grants in ${walletName(wallet)}, the most that it keeps; put more into fewer grants.`,
    { metadata: { wallet: walletName(wallet) } },
  );
}

function violation(field: string, description: string): RatebookError {
  return violationError('INVALID_REQUEST', [{ field: `grant.${field}`, description }]);
}

function referenceReused({ account, reference }: GrantInput): RatebookError {
  return new RatebookError(
    'REFERENCE_REUSED',
    `The reference "${reference}" of ${account} was used before for another grant; give each grant a reference of its own.`,
    { metadata: { account, reference } },
  );
}
