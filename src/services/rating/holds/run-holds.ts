import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { takeAccountTurns } from '../accounts/account-store.js';
import { openBatch, writeBatch } from '../recording/batch.js';
import { type Draft, draftOf, windowsOf } from '../recording/draft.js';
import type { RecordingPorts } from '../recording/ports.js';
import { awaitRevisions, latestRecorded } from '../recording/record-usages.js';
import { findKnown } from '../recording/rating-store.js';
import type { UsageOutcome } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { findPurses } from '../wallets/purse-store.js';
import { commitIn, expireIn, releaseIn } from './end-hold-in.js';
import type { HoldAnswer, HoldRequest } from './hold.js';
import type { HoldBatch } from './hold-batch.js';
import { findHolds, writeHolds } from './hold-store.js';
import { reserveIn } from './reserve-in.js';

/**
 * Does what is asked of the holds of one account in one transaction, in the order given. Each has an answer or an error
 * of its own. Throws UNAVAILABLE and CONFLICT for all of them, and then a repeat tells what was stored.
 */
export async function runHolds(
  account: string,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
): Promise<readonly (HoldAnswer | RatebookError)[]> {
  const usages = requests.flatMap((request) => ('usage' in request ? [request.usage] : []));
  const latest = latestRecorded(ports.clock);
  // Each caller has a deadline of its own, and what waits here waits for seconds at most.
  await awaitRevisions({ usages, ids: [account], latest }, ports, new AbortController().signal);
  return ports.store.mongo.transaction((session) => runIn(session, account, requests, ports));
}

async function runIn(
  session: Session,
  account: string,
  requests: readonly HoldRequest[],
  { store, clock, book }: RecordingPorts,
): Promise<readonly (HoldAnswer | RatebookError)[]> {
  const turns = await takeAccountTurns(store, [account], session);
  const from = {
    accounts: new Map(turns.map((one) => [one.account.id, one])),
    book,
    latest: latestRecorded(clock),
  };
  const drafts = new Map<HoldRequest, Draft>();
  for (const request of requests) if ('usage' in request) drafts.set(request, draftOf(request.usage, from));
  const holds = await findHolds(
    store,
    requests.map(({ key }) => key),
    session,
  );
  const windows = await findWindows(store, windowsOf([...drafts.values()]), session);
  const purses = await findPurses(store, turns, [], session);
  const batch = openBatch(windows, purses, clock.now());
  const inBatch: HoldBatch = {
    batch,
    purse: purses.get(account),
    holds: new Map(holds),
    moved: new Map(),
    known: await knownOf(session, requests, store),
    drafts,
  };
  const answers: (HoldAnswer | RatebookError)[] = [];
  for (const request of requests) answers.push(await answer(inBatch, request));
  await writeBatch(store, batch, session);
  await writeHolds(store, [...inBatch.moved.values()], session);
  return answers;
}

async function knownOf(
  session: Session,
  requests: readonly HoldRequest[],
  store: RecordingPorts['store'],
): Promise<Map<string, UsageOutcome>> {
  const usages = requests.flatMap((request) => (request.kind === 'commit' ? [request.usage] : []));
  const known = new Map<string, UsageOutcome>();
  if (usages.length === 0) return known;
  const { ratings, waiting } = await findKnown(store, usages, session);
  for (const [key, rating] of ratings) known.set(key, { kind: 'duplicate', rating });
  for (const [key, usage] of waiting) known.set(key, { kind: 'unpriced', usage });
  return known;
}

async function answer(inBatch: HoldBatch, request: HoldRequest): Promise<HoldAnswer | RatebookError> {
  try {
    switch (request.kind) {
      case 'reserve':
        return { hold: await reserveIn(inBatch, request), outcome: undefined };
      case 'commit':
        return await commitIn(inBatch, request);
      case 'release':
        return { hold: releaseIn(inBatch, request.key), outcome: undefined };
      case 'expire':
        return { hold: expireIn(inBatch, request.key), outcome: undefined };
    }
  } catch (error) {
    if (error instanceof RatebookError) return error;
    throw error;
  }
}
