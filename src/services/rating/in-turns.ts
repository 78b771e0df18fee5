import { inSlices } from '../../platform/slices.js';
import type { Soon } from './soon.js';

/**
 * Does something with each item, in slices between which other calls, health checks and the deadline of this one are
 * served: the largest batch takes seconds. Waits together for what is not done at once; the results are in the items'
 * order. Rejects with the signal's reason once it aborts.
 */
export async function inTurns<A, B>(
  items: readonly A[],
  signal: AbortSignal,
  work: (item: A) => Soon<B>,
): Promise<B[]> {
  const started = await inSlices(oneByOne(items, signal, work));
  return Promise.all(started.map((one) => Promise.resolve(one)));
}

function* oneByOne<A, B>(
  items: readonly A[],
  signal: AbortSignal,
  work: (item: A) => B,
): Generator<void, readonly B[]> {
  const started: B[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    started.push(work(item));
    yield;
  }
  return started;
}
