/**
 * Work on one account waits for the work on it that this process has begun before: transactions that meet would only make
 * each other run again. Between processes the database decides.
 */
export type Queues = Map<string, Promise<unknown>>;

/** Runs the work once all earlier work on these accounts is over. Places in all queues are taken at once: none deadlocks. */
export async function inQueues<T>(
  queues: Queues,
  accounts: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const before = accounts.map((account) => queues.get(account) ?? Promise.resolve());
  const result = Promise.all(before).then(work);
  const over = result.catch(() => undefined);
  for (const account of accounts) queues.set(account, over);
  try {
    return await result;
  } finally {
    for (const account of accounts) if (queues.get(account) === over) queues.delete(account);
  }
}
