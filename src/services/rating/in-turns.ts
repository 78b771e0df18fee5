import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Soon } from './soon.js';

/** How long a batch may keep the process from looking at anything else. */
const TURN_MS = 5;

/**
 * Does something with each item, and waits together for what is not done at once; the results are in the items' order.
 * Every few milliseconds the event loop has its turn, in which other calls, health checks and the deadline of this one
 * are served: the largest batch takes seconds. Rejects with the signal's reason once it aborts.
 */
export async function inTurns<A, B>(
  items: readonly A[],
  signal: AbortSignal,
  work: (item: A) => Soon<B>,
): Promise<B[]> {
  const started: Soon<B>[] = [];
  let turnEnds = performance.now() + TURN_MS;
  for (const item of items) {
    if (performance.now() > turnEnds) {
      await nextTurn();
      signal.throwIfAborted();
      turnEnds = performance.now() + TURN_MS;
    }
    started.push(work(item));
  }
  return Promise.all(started.map((one) => Promise.resolve(one)));
}
