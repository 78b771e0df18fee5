import { byBurnDown } from '../../../ledger/burn-down.js';
import { type Grant, isExpired } from '../../../ledger/grant.js';
import { ZERO } from '../../../money/decimal.js';
import type { AccountPorts } from '../accounts/ports.js';
import { getWallet } from './get-wallet.js';
import type { WalletName } from './wallet.js';
import { grantsOf } from './wallet-store.js';

/**
 * The grants of a wallet in the order in which they are used up, with what is left of each now; those of which nothing is
 * left only when `usedUp` asks for them. Throws WALLET_NOT_FOUND.
 */
export async function listGrants(
  name: WalletName,
  usedUp: boolean,
  ports: AccountPorts,
): Promise<readonly Grant[]> {
  const now = ports.clock.now();
  const { grants } = await getWallet(name, ports);
  const live = grants.map((grant) => (isExpired(grant, now) ? { ...grant, remaining: grant.held } : grant));
  const left = new Map(live.map((grant) => [grant.reference, grant]));
  if (!usedUp) return live.filter((grant) => !isExpired(grant, now)).toSorted(byBurnDown);
  const all = await grantsOf(ports.store, name);
  return all
    .map(({ grant }) => left.get(grant.reference) ?? { ...grant, remaining: ZERO })
    .toSorted(byBurnDown);
}
