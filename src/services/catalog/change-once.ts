import { RatebookError } from '../../errors/error.js';
import type { Session } from '../../platform/mongo/transaction.js';
import type { RequestKey } from '../../platform/request-key.js';
import type { CatalogPorts } from './ports.js';
import type { Changed } from './revision.js';
import { findAnswer, insertAnswer, takeTurn, type Head, type Store } from './store.js';

/** A change in a transaction that has taken its turn; told as news number `head.sequence`, which it must write. */
export type Change = (head: Head, session: Session) => Promise<Changed>;

/**
 * Makes a change exactly once for its request id: the id, the hash of the request and the answer are stored in the
 * transaction of the change. A repeat gets the stored answer, the same id with another body REQUEST_ID_REUSED.
 */
export function changeOnce(
  request: RequestKey | undefined,
  ports: CatalogPorts,
  change: Change,
): Promise<Changed> {
  const { store, clock } = ports;
  return store.mongo.transaction(async (session) => {
    const earlier = await earlierAnswer(request, store, session);
    if (earlier !== undefined) return earlier;
    const answer = await change(await takeTurn(store, session), session);
    if (request !== undefined) await insertAnswer(store, request, { answer, at: clock.now() }, session);
    return answer;
  });
}

/** What the request was answered before, if it was. */
export async function earlierAnswer(
  request: RequestKey | undefined,
  store: Store,
  session?: Session,
): Promise<Changed | undefined> {
  if (request === undefined) return undefined;
  const stored = await findAnswer(store, request, session);
  if (stored === undefined || stored.fingerprint === request.fingerprint) return stored?.answer;
  throw new RatebookError(
    'REQUEST_ID_REUSED',
    `The request id "${request.id}" was used before with another request; give each request an id of its own.`,
    { metadata: { request_id: request.id } },
  );
}
