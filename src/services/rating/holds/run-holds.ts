import { setTimeout as pause } from 'node:timers/promises';
import { RatebookError } from '../../../errors/error.js';
import { takeNextTurn } from '../accounts/account-store.js';
import { writeBatch } from '../recording/batch.js';
import type { RecordingPorts } from '../recording/ports.js';
import { commitIn, expireIn, releaseIn } from './end-hold-in.js';
import type { HoldAnswer, HoldRequest } from './hold.js';
import { type HoldBatch, writeHolds } from './hold-batch.js';
import { type Seen, lookAt } from './look-at.js';
import { reserveIn } from './reserve-in.js';
import { type Standings, leaveStanding, standingAfter, takeStanding } from './standing.js';

/** In the order of the requests. */
export type Answers = readonly (HoldAnswer | RatebookError)[];

/** How often it begins again when others, in other processes, take the account's turn. */
const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 100;

/**
 * Does what is asked of the holds of one account in one transaction, in the order given. Each has an answer or an error
 * of its own. It is worked out before the transaction, which then does nothing but write: what follows waits as short as
 * can be. Throws UNAVAILABLE and CONFLICT for all of them, and then a repeat tells what was stored.
 */
export async function runHolds(
  account: string,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
  standings: Standings,
): Promise<Answers> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const seen = await lookAt(account, requests, ports, takeStanding(standings, account));
    const { at, inBatch } = seen;
    const answers: (HoldAnswer | RatebookError)[] = [];
    for (const request of requests) answers.push(await answer(inBatch, request));
    if (await write(seen, ports)) {
      if (at !== undefined) leaveStanding(standings, standingAfter(at, inBatch));
      return answers;
    }
    await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS));
  }
  throw new RatebookError('CONFLICT', `Others keep changing the account ${account}; send it again.`);
}

/** Stores what has come of it; false when the account does not stand any more as it was seen. */
function write({ at, inBatch }: Seen, { store }: RecordingPorts): Promise<boolean> {
  return store.mongo.transaction(async (session) => {
    if (at === undefined) return true;
    if (!(await takeNextTurn(store, at, session))) return false;
    await writeBatch(store, inBatch.batch, session);
    await writeHolds(store, inBatch, session);
    return true;
  });
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
