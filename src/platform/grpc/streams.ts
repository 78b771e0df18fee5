/** The promise's outcome, or a throw of the signal's reason if that comes first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Not Promise.race: on a signal that lives as long as a stream, every race would leave its reactions behind.
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

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
  let ended = false;
  try {
    for (;;) {
      const next = await orAborted(
        step(() => iterator.next()),
        signal,
      );
      ended = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    ended = !signal.aborted;
    throw error;
  } finally {
    // Not awaited: a source that ignores its signal would hold the call. What its cleanup throws has no one to tell.
    if (!ended) void iterator.return?.().catch(() => undefined);
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

/** The first item; rejects with what `missing` makes when there is none. */
export async function first<T>(items: AsyncIterable<T>, missing: () => Error): Promise<T> {
  for await (const item of items) return item;
  throw missing();
}
