import { RatebookError } from '../../../errors/error.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import type { HoldAnswer, HoldRequest } from './hold.js';
import { type Answers, runHolds } from './run-holds.js';
import type { Standings } from './standing.js';

/** Does what is asked of a hold. Throws as `runHolds` does, for one or for all. */
export type AskHold = (request: HoldRequest) => Promise<HoldAnswer>;

type Waiting = {
  readonly request: HoldRequest;
  readonly resolve: (answer: HoldAnswer) => void;
  readonly reject: (error: unknown) => void;
};

/** Requests that are stored together at most. */
const MOST_TOGETHER = 250;

/**
 * Groups the requests of an account: those that come while its queue is busy are stored together when their turn comes.
 * Transactions on one wallet follow each other, so that otherwise each would wait for all commits before it.
 */
export function holdGroups(ports: RecordingPorts): AskHold {
  const groups = new Map<string, Waiting[]>();
  const standings: Standings = new Map();
  const start = (account: string, group: Waiting[]) => {
    groups.set(account, group);
    void inQueues(ports.queues, [account], async () => {
      if (groups.get(account) === group) groups.delete(account);
      await answerAll(group, (requests) => runHolds(account, requests, ports, standings));
    });
  };
  return (request) =>
    new Promise((resolve, reject) => {
      const { account } = request.key;
      const group = groups.get(account);
      const waiting = { request, resolve, reject };
      if (group !== undefined && group.length < MOST_TOGETHER) group.push(waiting);
      else start(account, [waiting]);
    });
}

async function answerAll(
  group: readonly Waiting[],
  run: (requests: readonly HoldRequest[]) => Promise<Answers>,
): Promise<void> {
  try {
    const answers = await run(group.map(({ request }) => request));
    for (const [i, { resolve, reject }] of group.entries()) {
      const answer = answers[i];
      if (answer === undefined || answer instanceof RatebookError) reject(answer);
      else resolve(answer);
    }
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
