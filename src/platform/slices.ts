import { setImmediate as otherWork } from 'node:timers/promises';

/** What one slice of long work may take before others have their turn. */
const SLICE_MS = 1;

/**
 * Does long work in slices, with everything else that waits in this thread done in between. The work yields wherever it
 * can be interrupted, as often as it likes: giving way costs time only once a slice is full.
 */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < end);
    await otherWork();
  }
}
