import { violationError } from '../../../errors/error.js';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { Funds } from '../../../ledger/funds.js';
import type { Grant } from '../../../ledger/grant.js';
import { isCurrency } from '../../../money/currency.js';
import { type Decimal, formatDecimal, isZero } from '../../../money/decimal.js';
import type { Instant } from '../../../time/instant.js';
import { ACCOUNT_ID } from '../accounts/account.js';

/** Prepaid money or units of one account. */
export type Wallet = Funds & {
  readonly account: string;
  /** Below this it is told to be low, and a top-up of `topUpAmount` is asked for; undefined: never. */
  readonly lowBalance: Decimal | undefined;
  readonly topUpBelow: Decimal | undefined;
  readonly topUpAmount: Decimal | undefined;
  /** Whenever the spending of a month passes a multiple of this, it is told; undefined: never. */
  readonly spendThreshold: Decimal | undefined;
  readonly createdAt: Instant;
  /** How many ledger transactions it has been in. */
  readonly postings: number;
  /** What has been told of it and holds until the balance has been above. */
  readonly isLow: boolean;
  readonly isTopUpAsked: boolean;
  /** The month of UTC that was spent in last, as `2026-02`; empty: none. */
  readonly month: string;
  readonly spent: Decimal;
  /** The highest multiple of the threshold that was told of the month. */
  readonly spentTold: Decimal;
};

/** What its owner may set. */
export type WalletLimits = Pick<
  Wallet,
  'creditLimit' | 'lowBalance' | 'topUpBelow' | 'topUpAmount' | 'spendThreshold'
>;

export type WalletName = Pick<Wallet, 'account' | 'wallet'>;

/** A grant as it was made, and where. */
export type MadeGrant = WalletName & {
  readonly grant: Grant;
  /** What tells a repeat from another grant under the same reference. */
  readonly fingerprint: string;
};

/** `accounts/acme/wallets/main`; also its book in the ledger. */
export function walletName({ account, wallet }: WalletName): string {
  return `accounts/${account}/wallets/${wallet}`;
}

const WALLET_NAME = /^accounts\/([^/]+)\/wallets\/([^/]+)$/;

/** The ids in `accounts/acme/wallets/main`. */
export function parseWalletName(name: string): Parsed<WalletName> {
  const [, account = '', wallet = ''] = WALLET_NAME.exec(name) ?? [];
  if (ACCOUNT_ID.test(account) && ACCOUNT_ID.test(wallet)) return parsed({ account, wallet });
  return refused(
    `${JSON.stringify(name.slice(0, 100))} is not accounts/ID/wallets/ID, each with an id of 1 to 64 letters, digits, dots, hyphens and underscores that begins with a letter or digit`,
  );
}

/** Throws INVALID_REQUEST for a wallet in units that would have credit: only money can be owed. */
export function refuseUnitCredit(unit: string, { creditLimit }: WalletLimits): void {
  if (isCurrency(unit) || isZero(creditLimit)) return;
  const description = `is ${formatDecimal(creditLimit)}, but the wallet holds units (${unit}), and only money can be owed; leave it out`;
  throw violationError('INVALID_REQUEST', [{ field: 'wallet.credit_limit', description }]);
}
