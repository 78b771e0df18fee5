import { constants, setPriority } from 'node:os';
import { Worker, parentPort } from 'node:worker_threads';
import { RatebookError } from '../errors/error.js';

/** A thread that answers one question after the other, in the order asked. */
export type Thread<Q, A> = {
  /**
   * Rejects with TOO_LARGE when the thread runs out of memory over the question, and with UNAVAILABLE when it is stopped.
   * A thread that ends without a reason is started again and asked once more.
   */
  readonly ask: (question: Q) => Promise<A>;
  readonly stop: () => Promise<void>;
};

export type ThreadLimits = {
  /** Megabytes that what it keeps may take. */
  readonly memory: number;
  /** What to tell when that is not enough. */
  readonly tooLarge: string;
};

/** An answer, with the buffers in it that are handed over instead of copied. */
export type Answer<A> = { readonly answer: A; readonly transfer?: readonly ArrayBuffer[] };

/**
 * A thread that runs a file (which calls `answerQuestions`), started by the first question. It keeps the process alive
 * only while it is asked something.
 */
export function threadOf<Q, A>(file: URL, limits: ThreadLimits): Thread<Q, A> {
  let running: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();

  const start = (): Worker => {
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: limits.memory } });
    worker.once('exit', () => {
      if (running === worker) running = undefined;
    });
    return worker;
  };
  const askOnce = (question: Q): Promise<Outcome<A>> => {
    if (stopping.signal.aborted) throw stoppingError();
    running ??= start();
    return outcomeOf(running, question);
  };
  const ask = async (question: Q): Promise<A> => {
    const first = await askOnce(question);
    const outcome = first.kind === 'ended' ? await askOnce(question) : first;
    if (outcome.kind === 'answered') return outcome.answer;
    throw isOutOfMemory(outcome.cause) ? tooLarge(limits, outcome.cause) : outcome.cause;
  };
  return {
    ask: (question) => {
      const answer = last.then(() => ask(question));
      last = answer.catch(() => undefined);
      return answer;
    },
    stop: async () => {
      stopping.abort();
      await running?.terminate();
      await last;
    },
  };
}

type Outcome<A> =
  | { readonly kind: 'answered'; readonly answer: A }
  | { readonly kind: 'failed' | 'ended'; readonly cause: Error };

/** What the thread does first: it answers, it fails, or it ends. */
function outcomeOf<A>(worker: Worker, question: unknown): Promise<Outcome<A>> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<A>) => {
      worker.off('message', answered).off('error', failed).off('exit', ended).unref();
      resolve(outcome);
    };
    const answered = (answer: A) => {
      settle({ kind: 'answered', answer });
    };
    const failed = (cause: Error) => {
      // It has ended too, and says so later, when nobody listens any more.
      worker.once('exit', () => {
        settle({ kind: 'failed', cause });
      });
      worker.off('exit', ended);
    };
    const ended = (code: number) => {
      settle({ kind: 'ended', cause: new Error(`The thread ended with exit code ${code}.`) });
    };
    worker.on('message', answered).on('error', failed).on('exit', ended).ref();
    worker.postMessage(question);
  });
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooLarge(limits: ThreadLimits, cause: Error): RatebookError {
  return new RatebookError('TOO_LARGE', limits.tooLarge, { cause });
}

function stoppingError(): RatebookError {
  return new RatebookError('UNAVAILABLE', 'This process is stopping; ask another one.', {
    retryAfterMs: 1_000,
  });
}

/**
 * Answers the questions of `threadOf`; called once, by the file that it runs. Where there are fewer processors than work,
 * requests go first: on Linux a priority is a thread's own, elsewhere it would be the whole process's.
 */
export function answerQuestions(answer: (question: never) => Answer<unknown>): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const port = parentPort;
  port?.on('message', (question: unknown) => {
    // Its type is what `threadOf` of the same file says.
    const { answer: told, transfer = [] } = answer(question as never);
    port.postMessage(told, transfer);
  });
}
