import { RatebookError } from '../errors/error.js';
import type { Grant, Wallet } from '../gen/ratebook/v1/wallet_pb.js';
import { instantText } from './revision-view.js';
import { left, right, table } from './table.js';

/** A wallet as `--json` prints it. Amounts are decimals in plain notation. */
export type WalletView = {
  readonly account: string;
  readonly id: string;
  readonly unit: string;
  readonly balance: string;
  readonly held: string;
  readonly available: string;
  readonly owed: string;
  readonly credit_limit: string;
  readonly grants: readonly GrantView[];
};

/** A grant as `--json` prints it. */
export type GrantView = {
  readonly reference: string;
  readonly amount: string;
  readonly remaining: string;
  readonly priority: number;
  /** Null: never. */
  readonly expires_at: string | null;
  /** Empty: it pays for all prices. */
  readonly prices: readonly string[];
};

/** Throws INTERNAL for an answer without a wallet. */
export function viewWallet(wallet: Wallet | undefined, grants: readonly Grant[]): WalletView {
  if (wallet === undefined)
    throw new RatebookError('INTERNAL', 'The service answered without the wallet; is it of another version?');
  const [, account = '', , id = ''] = wallet.name.split('/');
  const { unit, balance, held, available, owed, creditLimit } = wallet;
  return {
    ...{ account, id, unit, balance, held, available, owed, credit_limit: creditLimit },
    grants: grants.map(viewGrant),
  };
}

function viewGrant({ reference, amount, remaining, priority, expiresAt, prices }: Grant): GrantView {
  return { reference, amount, remaining, priority, expires_at: instantText(expiresAt), prices };
}

const WALLET_COLUMNS = [
  ...[left('Wallet'), left('Unit')],
  ...['Balance', 'Held', 'Available', 'Owed'].map(right),
];

export function walletTable(wallets: readonly WalletView[]): string {
  return table(
    WALLET_COLUMNS,
    wallets.map(({ id, unit, balance, held, available, owed }) => [id, unit, balance, held, available, owed]),
  );
}

const GRANT_COLUMNS = [
  ...[left('Grant'), left('Wallet')],
  ...['Amount', 'Remaining', 'Priority'].map(right),
  ...[left('Expires'), left('Pays for')],
];

/** In the order in which they are used up, wallet by wallet. */
export function grantTable(wallets: readonly WalletView[]): string {
  const rows = wallets.flatMap(({ id, grants }) =>
    grants.map(({ reference, amount, remaining, priority, expires_at, prices }) => [
      ...[reference, id, amount, remaining, String(priority)],
      ...[expires_at ?? 'never', prices.length === 0 ? 'everything' : prices.join(', ')],
    ]),
  );
  return rows.length === 0 ? '' : `\n${table(GRANT_COLUMNS, rows)}`;
}
