/**
 * The items of a stream in groups: whatever has come while the group before was worked on, at least one and at most so
 * many. So work that costs as much for many items as for one keeps up with a stream, and a lone item does not wait.
 */
export async function* gathered<T>(
  items: AsyncIterable<T>,
  most: number,
): AsyncGenerator<readonly T[], void> {
  const waiting: T[] = [];
  let ended: { readonly failure?: unknown } | undefined;
  let isStopped = false;
  let wakeReader = () => {};
  let wakeTaker = () => {};
  const read = async () => {
    for await (const item of items) {
      waiting.push(item);
      wakeTaker();
      while (waiting.length >= most && !isStopped) await new Promise<void>((wake) => (wakeReader = wake));
      if (isStopped) return;
    }
  };
  const reading = read().then(
    () => (ended = {}),
    (failure: unknown) => (ended = { failure }),
  );
  void reading.then(() => {
    wakeTaker();
  });
  try {
    for (;;) {
      const group = waiting.splice(0);
      wakeReader();
      if (group.length > 0) yield group;
      else if (ended === undefined) await new Promise<void>((wake) => (wakeTaker = wake));
      else if ('failure' in ended) throw ended.failure;
      else return;
    }
  } finally {
    isStopped = true;
    wakeReader();
  }
}
