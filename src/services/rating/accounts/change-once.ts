import { answerOnce } from '../../../platform/mongo/answer-once.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { RequestKey } from '../../../platform/request-key.js';
import type { AccountPorts } from './ports.js';

/**
 * Makes a change exactly once for its request id. Throws REQUEST_ID_REUSED. What is stored is the answer to this kind of
 * request, since the kind is part of the fingerprint.
 */
export function changeOnce<A>(
  request: RequestKey | undefined,
  { store, clock }: AccountPorts,
  change: (session: Session) => Promise<A>,
): Promise<A> {
  return answerOnce(request, store, clock, change) as Promise<A>;
}
