import type { Session } from '../../../platform/mongo/transaction.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { changeOnce } from '../accounts/change-once.js';
import type { AccountPorts } from '../accounts/ports.js';
import type { Wallet } from './wallet.js';
import { fromDocument, toDocument } from './wallet-store.js';

/** Makes a change exactly once for its request id. The answer is kept as the database has wallets, so that its numbers stay exact. */
export async function changeWalletOnce(
  request: RequestKey | undefined,
  ports: AccountPorts,
  change: (session: Session) => Promise<Wallet>,
): Promise<Wallet> {
  const answer = await changeOnce(request, ports, async (session) => toDocument(await change(session)));
  return fromDocument(answer);
}
