import { setTimeout as pause } from 'node:timers/promises';
import { RatebookError } from '../../src/errors/error.js';
import type { UsageOutcome } from '../../src/gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../../src/platform/grpc/status.js';
import type { Journal } from './journal.js';
import type { Service } from './replica.js';
import { type Use, toMessage } from './uses.js';

/** Who sends, and what it knows. */
export type Sender = {
  readonly client: string;
  readonly random: (below: number) => number;
  /** One of the services that there are by then. */
  readonly target: () => Service;
  readonly journal: Journal;
};

/** After these a client sends the same again; any other refusal is a difference. */
const RETRIED: ReadonlySet<string> = new Set(['UNAVAILABLE', 'CONFLICT', 'DEADLINE_EXCEEDED']);

const DEADLINE_MS = 15_000;
const PATIENCE_MS = 60_000;
const RETRY_MS = 50;

type Options = { readonly deadline: number };
type Call<T> = (service: Service, options: Options) => Promise<T>;

async function untilAnswered<T>({ target }: Sender, call: Call<T>): Promise<T> {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call(target(), { deadline: Date.now() + DEADLINE_MS });
    } catch (error) {
      if (!(error instanceof RatebookError && RETRIED.has(error.reason)) || Date.now() > giveUp) throw error;
    }
    await pause(RETRY_MS);
  }
}

/** Sends a batch until it is answered, and notes what became of each use. */
export async function deliver(uses: readonly Use[], sender: Sender): Promise<void> {
  const usages = uses.map(toMessage);
  const once = async () => {
    const { outcomes } = await untilAnswered(sender, ({ rates }, options) =>
      rates.batchRateUsage({ usages }, options),
    );
    uses.forEach((use, i) => {
      note(sender.journal, use, outcomes[i]);
    });
  };
  await once();
  sender.journal.again.push(once);
}

/** Notes what became of a use; returns it as text. */
export function note(journal: Journal, use: Use, outcome: UsageOutcome | undefined): string {
  const key = `${use.account} ${use.id}`;
  const sent = journal.uses.get(key) ?? { use, answers: [] };
  const answer = told(outcome);
  sent.answers.push(answer);
  journal.uses.set(key, sent);
  return answer;
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

/** Something else that a client asks for, until it is answered. */
export type Act = {
  /** What it is, once in a run. */
  readonly key: string;
  /** Asks, and returns what has to be the same whenever it is asked. */
  readonly ask: Call<string>;
  /** Refusals that may be: they are answers, and then it is not asked again. */
  readonly refusals?: readonly string[];
  /** Set where a later act makes it senseless to ask again. */
  readonly isPassing?: boolean;
};

/** Asks until it is answered, and notes the answer; `refused REASON` where that may be. */
export async function perform(
  { key, ask, refusals = [], isPassing = false }: Act,
  sender: Sender,
): Promise<string> {
  const answers: string[] = [];
  const once = async () => {
    answers.push(await untilAnswered(sender, ask).catch((error: unknown) => refusalIn(error, refusals)));
  };
  await once();
  sender.journal.acts.set(key, answers);
  const [answer = ''] = answers;
  if (!isPassing && !answer.startsWith('refused')) sender.journal.again.push(once);
  return answer;
}

function refusalIn(error: unknown, refusals: readonly string[]): string {
  if (error instanceof RatebookError && refusals.includes(error.reason)) return `refused ${error.reason}`;
  throw error;
}
