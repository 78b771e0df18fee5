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

/** For a long loop that waits in each of its steps: what it is to wait for, too, which is nothing until a slice is full. */
export function givingWay(): () => Promise<void> | undefined {
  let end = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < end) return undefined;
    return otherWork().then(() => {
      end = performance.now() + SLICE_MS;
    });
  };
}
