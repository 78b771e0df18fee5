import { RatebookError } from '../../../errors/error.js';
import type { Log } from '../../../platform/log.js';
import { releaseLease, takeLease } from '../../../platform/mongo/lease.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import { takeTurns } from '../recording/take-turns.js';
import type { SubscriptionName } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { takeFence } from './period-store.js';
import { rateDueIn } from './rate-due.js';

export type DueRun = {
  /** Tells this process from others. */
  readonly holder: string;
  readonly signal: AbortSignal;
  readonly log: Log;
};

/** Longer than the longest transaction; whoever is killed holds others up for so long. */
const LEASE_MS = 30_000;
/** What the lease is for. */
export const WORK = 'rate what falls due';

/**
 * Rates what has fallen due of all subscriptions, one after the other, while no other process does. Killed at any point it
 * leaves nothing half-done: each subscription is a transaction, and what is done is not due any more. One that fails is
 * logged and tried again by the next run.
 */
export async function runDue(ports: RecordingPorts, run: DueRun): Promise<void> {
  const { store, book, clock } = ports;
  if (book.watermark === undefined) return;
  const now = clock.now();
  // What is published may still change what lies after the watermark.
  const upTo = now < book.watermark ? now : book.watermark;
  const lease = { work: WORK, holder: run.holder, ms: LEASE_MS };
  let fence = await takeLease(store.leases, lease);
  let takenAt = performance.now();
  const waiting = store.subscriptions.find(
    { dueNext: { $lte: upTo } },
    { projection: { account: 1, id: 1 }, sort: { dueNext: 1 } },
  );
  try {
    for await (const { account, id } of waiting) {
      if (performance.now() - takenAt > LEASE_MS / 3) {
        fence = await takeLease(store.leases, lease);
        takenAt = performance.now();
      }
      if (fence === undefined || run.signal.aborted) return;
      await rateOne({ account, id }, { upTo, fence }, { ports, run });
    }
  } finally {
    await waiting.close();
  }
}

type UpTo = { readonly upTo: Instant; readonly fence: bigint };
type Running = { readonly ports: RecordingPorts; readonly run: DueRun };

async function rateOne(name: SubscriptionName, upTo: UpTo, { ports, run }: Running): Promise<void> {
  try {
    await inQueues(ports.queues, [name.account], () =>
      ports.store.mongo.transaction((session) => rateOneIn(session, name, upTo, ports)),
    );
  } catch (error) {
    run.log.warn({ err: error, ...name }, 'what has fallen due could not be rated; the next run tries again');
  }
}

async function rateOneIn(
  session: Session,
  name: SubscriptionName,
  { upTo, fence }: UpTo,
  ports: RecordingPorts,
): Promise<void> {
  const [at] = await takeTurns(ports, [name.account], session);
  const subscription = at?.subscriptions.find(({ id }) => id === name.id);
  if (at === undefined || subscription === undefined) return;
  if (!(await takeFence(ports.store, name, fence, session)))
    throw new RatebookError('CONFLICT', 'Another process rates what falls due by now.');
  await rateDueIn(session, { at, subscription, upTo }, ports);
}

/** Lets another process do it at once. */
export function handOver({ store }: RecordingPorts, holder: string): Promise<void> {
  return releaseLease(store.leases, { work: WORK, holder });
}
