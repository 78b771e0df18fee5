import { setTimeout as pause } from 'node:timers/promises';
import { RatebookError } from '../../src/errors/error.js';
import type { UsageOutcome } from '../../src/gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../../src/platform/grpc/status.js';
import type { Service } from './replica.js';
import { type Use, toMessage } from './uses.js';

/** A use that was sent, and what the client was answered each time: `rated 5`, `duplicate 5`, `unpriced`, `rejected REJECTED`. */
export type Sent = { readonly use: Use; readonly answers: string[] };

/** All that clients have sent, by account and id. */
export type Journal = Map<string, Sent>;

/** After these a client sends the same again; any other refusal is a difference. */
const RETRIED: ReadonlySet<string> = new Set(['UNAVAILABLE', 'CONFLICT', 'DEADLINE_EXCEEDED']);

const DEADLINE_MS = 15_000;
const PATIENCE_MS = 60_000;
const RETRY_MS = 50;

/** Sends a batch until it is answered, each time to the replica that there is by then, and notes the answers. */
export async function deliver(uses: readonly Use[], target: () => Service, journal: Journal): Promise<void> {
  const usages = uses.map(toMessage);
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const options = { deadline: Date.now() + DEADLINE_MS };
      const { outcomes } = await target().rates.batchRateUsage({ usages }, options);
      uses.forEach((use, i) => {
        note(journal, use, told(outcomes[i]));
      });
      return;
    } catch (error) {
      if (!(error instanceof RatebookError && RETRIED.has(error.reason)) || Date.now() > giveUp) throw error;
    }
    await pause(RETRY_MS);
  }
}

function note(journal: Journal, use: Use, answer: string): void {
  const key = `${use.account} ${use.id}`;
  const sent = journal.get(key) ?? { use, answers: [] };
  sent.answers.push(answer);
  journal.set(key, sent);
}

function told(answer: UsageOutcome | undefined): string {
  const outcome = answer?.outcome;
  switch (outcome?.case) {
    case 'rated':
    case 'duplicate':
      return `${outcome.case} ${outcome.value.amount}`;
    case 'unpriced':
      return outcome.case;
    case 'rejected':
      return `rejected ${fromRpcStatus(outcome.value).reason}`;
    case undefined:
      return 'nothing';
  }
}
