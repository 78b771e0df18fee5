const MOST = 12;

/** Does something with each, some of them at once. */
export async function atOnce<T>(all: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> {
  const left = all[Symbol.iterator]();
  const next = async () => {
    for (let one = left.next(); one.done !== true; one = left.next()) await work(one.value);
  };
  await Promise.all(Array.from({ length: MOST }, next));
}
