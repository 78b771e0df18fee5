import { setTimeout as pause } from 'node:timers/promises';
import type { MongoInstance } from 'mongodb-memory-server-core';

/** Between tries to start a server that does not start. */
const retryMs = 5_000;

/**
 * Starts a server again whenever it dies, and tells so: without it the process would go on and refuse every change.
 * The result ends that, and the server with it.
 */
export function supervise(
  first: MongoInstance,
  start: () => Promise<MongoInstance>,
  tell: (text: string) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  let current: Promise<MongoInstance | undefined> = Promise.resolve(first);
  const watch = (instance: MongoInstance): void => {
    instance.mongodProcess?.once('close', (code, signal) => {
      if (stopping.signal.aborted) return;
      tell(`MongoDB has died (${signal ?? `exit code ${code ?? 'unknown'}`}); it is started again.`);
      current = startAgain();
    });
  };
  const startAgain = async (): Promise<MongoInstance | undefined> => {
    while (!stopping.signal.aborted) {
      try {
        const instance = await start();
        watch(instance);
        tell('MongoDB runs again.');
        return instance;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        tell(`MongoDB did not start (${why}); next try in ${retryMs / 1_000} seconds.`);
        await pause(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  };
  watch(first);
  return async () => {
    stopping.abort();
    await (await current)?.stop();
  };
}
