import { RatebookError } from '../../../errors/error.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import type { HoldAnswer, HoldRequest } from './hold.js';
import { runHolds } from './run-holds.js';

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
  const start = (account: string, group: Waiting[]) => {
    groups.set(account, group);
    void inQueues(ports.queues, [account], async () => {
      if (groups.get(account) === group) groups.delete(account);
      await runGroup(account, group, ports);
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

async function runGroup(account: string, group: readonly Waiting[], ports: RecordingPorts): Promise<void> {
  try {
    const requests = group.map(({ request }) => request);
    const answers = await runHolds(account, requests, ports);
    for (const [i, { resolve, reject }] of group.entries()) {
      const answer = answers[i];
      if (answer === undefined || answer instanceof RatebookError) reject(answer);
      else resolve(answer);
    }
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
