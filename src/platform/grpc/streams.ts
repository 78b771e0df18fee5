/**
 * The items of a source until the signal aborts, then a throw of the signal's reason, even if the source never looks at
 * the signal. `step` runs each step of the source, for a caller that puts a context around it.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
  step: <R>(run: () => R) => R = (run) => run(),
): AsyncGenerator<T, void> {
  const iterator = source[Symbol.asyncIterator]();
  // One listener for all steps, and not Promise.race: on a signal that lives as long as a stream, every race would leave
  // its reactions behind.
  let giveUp: (reason: Error) => void = () => undefined;
  const abort = () => {
    giveUp(signal.reason as Error);
  };
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        giveUp = reject;
        if (signal.aborted) abort();
        step(() => iterator.next()).then(resolve, reject);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not awaited: a source that ignores its signal would hold the call. What its cleanup throws has no one to tell.
    void iterator.return?.().catch(() => undefined);
  }
}

/** A stream of one item. */
export async function* one<T>(item: T | Promise<T>): AsyncGenerator<T, void> {
  yield await item;
}

export async function* mapped<A, B>(
  items: AsyncIterable<A>,
  change: (item: A) => B,
): AsyncGenerator<B, void> {
  for await (const item of items) yield change(item);
}

/** The one item of a stream, read to its end; rejects with what `notOne` makes when there is none or a second. */
export async function only<T>(items: AsyncIterable<T>, notOne: () => Error): Promise<T> {
  const found: T[] = [];
  for await (const item of items) {
    if (found.push(item) > 1) break;
  }
  const [item] = found;
  if (item === undefined || found.length > 1) throw notOne();
  return item;
}
