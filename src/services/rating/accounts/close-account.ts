import type { RequestKey } from '../../../platform/request-key.js';
import type { Instant } from '../../../time/instant.js';
import type { Account } from './account.js';
import { updateAccount } from './account-store.js';
import { changeOnce } from './change-once.js';
import { endOf } from './end-of.js';
import { accountAtItsTurn } from './get-account.js';
import type { AccountPorts } from './ports.js';

export type CloseAccountInput = {
  readonly id: string;
  /** Now unless given. */
  readonly closedAt: Instant | undefined;
  readonly request: RequestKey | undefined;
};

/**
 * Closes an account from an instant on, or moves the closing to another instant. What is rated already stays. Throws
 * INVALID_REQUEST for an instant before the opening, ACCOUNT_NOT_FOUND and REQUEST_ID_REUSED.
 */
export function closeAccount(input: CloseAccountInput, ports: AccountPorts): Promise<Account> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (session) => {
    const found = await accountAtItsTurn(store, input.id, session);
    const { openedAt: start, closedAt: end } = found;
    const closedAt = endOf('closed_at', { start, end }, input.closedAt, clock.now());
    const account = { ...found, closedAt };
    await updateAccount(store, account, session);
    return account;
  });
}
