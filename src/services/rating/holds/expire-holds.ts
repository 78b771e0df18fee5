import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { findOverdue } from './hold-store.js';
import { runHolds } from './run-holds.js';

/** Holds that one run looks after; those that are left come first in the next. */
const MOST = 1_000;

/**
 * Gives back the holds whose time has come, and tells of each once. Several runs at once do no harm. Returns how many it
 * has found.
 */
export async function expireHolds(ports: RecordingPorts): Promise<number> {
  const overdue = await findOverdue(ports.store, ports.clock.now(), MOST);
  for (const account of new Set(overdue.map((key) => key.account))) {
    const keys = overdue.filter((key) => key.account === account);
    const requests = keys.map((key) => ({ kind: 'expire', key }) as const);
    await inQueues(ports.queues, [account], () => runHolds(account, requests, ports, new Map()));
  }
  return overdue.length;
}
