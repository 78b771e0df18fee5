import { RatebookError } from '../../../errors/error.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { type Account, accountName } from './account.js';
import { insertAccount, takeAccountTurn } from './account-store.js';
import { refuseTooMuch } from './attribute-size.js';
import { changeOnce } from './change-once.js';
import type { AccountPorts } from './ports.js';

export type CreateAccountInput = {
  readonly account: Omit<Account, 'closedAt' | 'createdAt' | 'coupons'>;
  readonly request: RequestKey | undefined;
};

/** Opens an account. Throws ACCOUNT_EXISTS, TOO_LARGE and REQUEST_ID_REUSED. */
export function createAccount(input: CreateAccountInput, ports: AccountPorts): Promise<Account> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (session) => {
    const account: Account = { ...input.account, closedAt: undefined, createdAt: clock.now(), coupons: [] };
    refuseTooMuch(accountName(account.id), account.attributes);
    if ((await takeAccountTurn(store, account.id, session)) !== undefined) throw accountExists(account.id);
    await insertAccount(store, account, session);
    return account;
  });
}

function accountExists(id: string): RatebookError {
  return new RatebookError(
    'ACCOUNT_EXISTS',
    `There is an account "${id}" already; choose another id, or set what is to change on that one.`,
    { metadata: { account: id } },
  );
}
