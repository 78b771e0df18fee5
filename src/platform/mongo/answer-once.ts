import type { Collection } from 'mongodb';
import { RatebookError } from '../../errors/error.js';
import type { Clock } from '../clock.js';
import type { RequestKey } from '../request-key.js';
import type { Mongo } from './connect.js';
import type { Session } from './transaction.js';

/** An answer that was given to a request with an id. */
export type AnswerDocument<A> = {
  readonly _id: string;
  readonly fingerprint: string;
  readonly answer: A;
  readonly at: Date;
};

/** Where the answers of a service are kept, beside what its requests change. */
export type AnswerStore<A> = { readonly mongo: Mongo; readonly requests: Collection<AnswerDocument<A>> };

const KEPT_DAYS = 30;

/** Has the database drop answers that are older than they need be. */
export async function dropOldAnswers<A>({ requests }: Pick<AnswerStore<A>, 'requests'>): Promise<void> {
  await requests.createIndex({ at: 1 }, { expireAfterSeconds: KEPT_DAYS * 86_400 }, {});
}

/**
 * Makes a change exactly once for its request id: the id, the hash of the request and the answer are stored in the
 * transaction of the change. A repeat gets the stored answer, the same id with another body REQUEST_ID_REUSED.
 */
export function answerOnce<A>(
  request: RequestKey | undefined,
  store: AnswerStore<A>,
  clock: Clock,
  change: (session: Session) => Promise<A>,
): Promise<A> {
  return store.mongo.transaction(async (session) => {
    const earlier = await earlierAnswer(request, store, session);
    if (earlier !== undefined) return earlier;
    const answer = await change(session);
    if (request === undefined) return answer;
    const { fingerprint } = request;
    const at = new Date(Number(clock.now() / 1_000_000n));
    await store.requests.insertOne({ _id: idOf(request), fingerprint, answer, at }, { session });
    return answer;
  });
}

/** What the request was answered before, if it was. Throws REQUEST_ID_REUSED when that was another request. */
export async function earlierAnswer<A>(
  request: RequestKey | undefined,
  { requests }: AnswerStore<A>,
  session?: Session,
): Promise<A | undefined> {
  if (request === undefined) return undefined;
  const stored = await requests.findOne({ _id: idOf(request) }, { session });
  if (stored === null || stored.fingerprint === request.fingerprint) return stored?.answer;
  throw new RatebookError(
    'REQUEST_ID_REUSED',
    `The request id "${request.id}" was used before with another request; give each request an id of its own.`,
    { metadata: { request_id: request.id } },
  );
}

function idOf({ caller, id }: RequestKey): string {
  return JSON.stringify([caller, id]);
}
