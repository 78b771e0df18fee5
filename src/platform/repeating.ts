import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.js';

/**
 * Does something again and again with a pause between, until it is stopped; stopping waits for what is under way. What
 * fails is noted and tried again.
 */
export function repeating(pauseMs: number, work: () => Promise<unknown>, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await work().catch((error: unknown) => {
        log.error({ err: error }, 'work in the background failed, and is tried again');
      });
      // Aborted, the pause ends.
      await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}
