import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import type { Account } from './account.js';
import { findAccount, takeAccountTurn } from './account-store.js';
import type { AccountPorts } from './ports.js';

/** One account. Throws ACCOUNT_NOT_FOUND. */
export async function getAccount(id: string, { store }: AccountPorts): Promise<Account> {
  return existing(id, await findAccount(store, id));
}

/** The account at its turn in the transaction. Throws ACCOUNT_NOT_FOUND. */
export async function accountAtItsTurn(store: Store, id: string, session: Session): Promise<Account> {
  return existing(id, await takeAccountTurn(store, id, session));
}

function existing(id: string, account: Account | undefined): Account {
  if (account !== undefined) return account;
  throw new RatebookError(
    'ACCOUNT_NOT_FOUND',
    `There is no account "${id}"; list the accounts, or create it first.`,
    { metadata: { account: id } },
  );
}
