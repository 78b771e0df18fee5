import { answerOnce } from '../../platform/mongo/answer-once.js';
import type { Session } from '../../platform/mongo/transaction.js';
import type { RequestKey } from '../../platform/request-key.js';
import type { CatalogPorts } from './ports.js';
import type { Changed } from './revision.js';
import { takeTurn, type Head } from './store.js';

/** A change in a transaction that has taken its turn; told as news number `head.sequence`, which it must write. */
export type Change = (head: Head, session: Session) => Promise<Changed>;

/** Makes a change at its turn, exactly once for its request id. Throws REQUEST_ID_REUSED. */
export function changeOnce(
  request: RequestKey | undefined,
  { store, clock }: CatalogPorts,
  change: Change,
): Promise<Changed> {
  return answerOnce(request, store, clock, async (session) =>
    change(await takeTurn(store, session), session),
  );
}
