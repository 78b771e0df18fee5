import { RatebookError } from '../../../errors/error.js';
import { isCurrency } from '../../../money/currency.js';
import { ZERO } from '../../../money/decimal.js';
import type { RequestKey } from '../../../platform/request-key.js';
import type { Instant } from '../../../time/instant.js';
import type { Account } from '../accounts/account.js';
import { accountAtItsTurn } from '../accounts/get-account.js';
import type { AccountPorts } from '../accounts/ports.js';
import { changeWalletOnce } from './change-wallet.js';
import { type Wallet, type WalletLimits, type WalletName, refuseUnitCredit, walletName } from './wallet.js';
import { findWallet, insertWallet } from './wallet-store.js';

export type CreateWalletInput = {
  readonly wallet: WalletName & WalletLimits & Pick<Wallet, 'unit'>;
  readonly request: RequestKey | undefined;
};

/** Opens an empty wallet. Throws ACCOUNT_NOT_FOUND, WALLET_EXISTS, OTHER_CURRENCY, INVALID_REQUEST and REQUEST_ID_REUSED. */
export function createWallet(input: CreateWalletInput, ports: AccountPorts): Promise<Wallet> {
  const { store, clock } = ports;
  return changeWalletOnce(input.request, ports, async (session) => {
    const account = await accountAtItsTurn(store, input.wallet.account, session);
    refuseOtherCurrency(account, input.wallet.unit);
    refuseUnitCredit(input.wallet.unit, input.wallet);
    if ((await findWallet(store, input.wallet, session)) !== undefined) throw walletExists(input.wallet);
    const wallet: Wallet = { ...emptyWallet(input.wallet, clock.now()), ...input.wallet };
    await insertWallet(store, wallet, session);
    return wallet;
  });
}

/** A wallet without limits in which nothing is. */
export function emptyWallet(name: WalletName & Pick<Wallet, 'unit'>, createdAt: Instant): Wallet {
  return {
    ...name,
    creditLimit: ZERO,
    lowBalance: undefined,
    topUpBelow: undefined,
    topUpAmount: undefined,
    spendThreshold: undefined,
    grants: [],
    owed: ZERO,
    heldCredit: ZERO,
    createdAt,
    postings: 0,
    isLow: false,
    isTopUpAsked: false,
    month: '',
    spent: ZERO,
    spentTold: ZERO,
  };
}

/** Money is that of the account; there are no rates at which it could be changed. */
function refuseOtherCurrency({ id, currency }: Account, unit: string): void {
  if (!isCurrency(unit) || unit === currency) return;
  const message = `A wallet in ${unit} cannot pay for what the account ${id} is billed in ${currency}; create it in ${currency}, or in units such as call.`;
  throw new RatebookError('OTHER_CURRENCY', message, { metadata: { currency: unit, account: id } });
}

function walletExists(name: WalletName): RatebookError {
  return new RatebookError(
    'WALLET_EXISTS',
    `There is a wallet ${walletName(name)} already; choose another id, or set the limits of that one.`,
    { metadata: { account: name.account, wallet: name.wallet } },
  );
}
