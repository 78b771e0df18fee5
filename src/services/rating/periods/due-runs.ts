import { setTimeout as pause } from 'node:timers/promises';
import { releaseLease } from '../../../platform/mongo/lease.js';
import type { RecordingPorts } from '../recording/ports.js';
import { type DueRun, WORK, runDue } from './run-due.js';

/** Rates what falls due every so often until the signal aborts, and then lets another process do it. */
export async function keepRatingDue(ports: RecordingPorts, everyMs: number, run: DueRun): Promise<void> {
  while (!run.signal.aborted) {
    await runDue(ports, run).catch((error: unknown) => {
      run.log.warn({ err: error }, 'what has fallen due could not be rated; it is tried again');
    });
    await pause(everyMs, undefined, { signal: run.signal }).catch(() => undefined);
  }
  await releaseLease(ports.store.leases, { work: WORK, holder: run.holder }).catch(() => undefined);
}
