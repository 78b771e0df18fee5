import { setTimeout as pause, setImmediate as whenSent } from 'node:timers/promises';
import { RatebookError } from '../../../errors/error.js';
import { takeNextTurn } from '../accounts/account-store.js';
import { rejectedEvent } from '../events/rejected-event.js';
import { writeBatch } from '../recording/batch.js';
import { windowsOf } from '../recording/draft.js';
import type { RecordingPorts } from '../recording/ports.js';
import { refuseBehind } from '../recording/take-turns.js';
import { findWindows, hasAsked } from '../recording/window-store.js';
import { draftRequests } from './draft-requests.js';
import { commitIn, expireIn, releaseIn } from './end-hold-in.js';
import { type Named, findNamed } from './find-named.js';
import type { HoldAnswer, HoldRequest } from './hold.js';
import { type HoldBatch, openHoldBatch, writeHolds } from './hold-batch.js';
import { reserveIn } from './reserve-in.js';
import { type Standing, type Standings, leaveStanding, standingAfter, takeStanding } from './standing.js';

/** In the order of the requests. */
export type Answers = readonly (HoldAnswer | RatebookError)[];

/** How often it begins again when others, in other processes, take the account's turn. */
const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 100;

/**
 * Does what is asked of the holds of one account in one transaction, in the order given. Each has an answer or an error
 * of its own. Throws UNAVAILABLE and CONFLICT for all of them, and then a repeat tells what was stored.
 */
export async function runHolds(
  account: string,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
  standings: Standings,
): Promise<Answers> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const standing = await takeStanding(standings, account, ports.store);
    if (standing === undefined) return withoutAccount(requests, ports);
    const ran = await runFrom(standing, requests, ports);
    if (ran !== undefined) {
      leaveStanding(standings, ran.standing);
      return ran.answers;
    }
    await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS));
  }
  throw new RatebookError('CONFLICT', `Others keep changing the account ${account}; send it again.`);
}

type Ran = { readonly answers: Answers; readonly standing: Standing };

/**
 * Undefined when the account does not stand any more as it did. What else is read is read outside of the session, so that
 * nothing waits for it: as long as the turn is the next one, it cannot have changed since.
 */
async function runFrom(
  standing: Standing,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
): Promise<Ran | undefined> {
  const { store, clock } = ports;
  const { turn } = standing.at;
  const { drafts, backdated } = await draftRequests(requests, { ...standing.at, turn: turn + 1 }, ports);
  refuseBehind(standing.at, backdated);
  // What the drafts go by is left with the turn.
  const at = { ...standing.at, backdated };
  const names = windowsOf([...drafts.values()]);
  const windows = hasAsked(standing.windows, names) ? standing.windows : await findWindows(store, names);
  const workOut = async (named: Named) => {
    const inBatch = openHoldBatch({ ...standing, windows }, drafts, named, clock.now());
    return { inBatch, answers: await answerAll(inBatch, requests) };
  };
  return store.mongo.transaction(async (session) => {
    const taking = takeNextTurn(store, at, session);
    const finding = findNamed(requests, standing.holds, store);
    // Both are awaited below, unless something fails before.
    for (const one of [taking, finding]) one.catch(() => undefined);
    await whenSent();
    // Ids are new but for repeats: it is worked out for that while the database looks, and again where one is not.
    const asNew = await workOut({ holds: standing.holds, known: new Map() });
    if (!(await taking)) return undefined;
    const named = await finding;
    const isNew = named.known.size === 0 && named.holds.size === standing.holds.size;
    const { inBatch, answers } = isNew ? asNew : await workOut(named);
    await writeBatch(store, inBatch.batch, session);
    await writeHolds(store, inBatch, session);
    return { answers, standing: standingAfter({ ...standing, at }, inBatch) };
  });
}

async function withoutAccount(requests: readonly HoldRequest[], ports: RecordingPorts): Promise<Answers> {
  const { drafts } = await draftRequests(requests, undefined, ports);
  return answerAll(openHoldBatch(undefined, drafts, NOTHING, ports.clock.now()), requests);
}

const NOTHING = { holds: new Map(), known: new Map() } as const;

async function answerAll(inBatch: HoldBatch, requests: readonly HoldRequest[]): Promise<Answers> {
  const { batch } = inBatch;
  const answers: (HoldAnswer | RatebookError)[] = [];
  for (const request of requests) {
    const answered = await answer(inBatch, request);
    answers.push(answered);
    const refusal = refusalOf(request, answered);
    if (refusal === undefined) continue;
    const usageId = request.kind === 'commit' ? request.usage.usageId : undefined;
    batch.events.push(rejectedEvent({ ...request.key, usageId }, refusal, batch.recordedAt));
  }
  return answers;
}

/** Why the use is refused that a hold is reserved for, or committed with; undefined where it is not, or there is none. */
function refusalOf(request: HoldRequest, answered: HoldAnswer | RatebookError): RatebookError | undefined {
  if (request.kind !== 'reserve' && request.kind !== 'commit') return undefined;
  if (answered instanceof RatebookError) return answered;
  return answered.outcome?.kind === 'rejected' ? answered.outcome.error : undefined;
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
