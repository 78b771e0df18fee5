import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from './at-once.js';
import { otherAnswers } from './checks/acts.js';
import { otherBills, otherStatements } from './checks/bills.js';
import { otherCorrections } from './checks/corrections.js';
import { otherCounters } from './checks/counters.js';
import { otherHolds } from './checks/holds.js';
import { otherLedger } from './checks/ledger.js';
import { otherPeriods } from './checks/periods.js';
import { otherPurchases } from './checks/purchases.js';
import { otherReplay } from './checks/replay.js';
import { type Database, collection, readStored } from './checks/stored.js';
import { otherUses } from './checks/uses.js';
import type { Journal } from './journal.js';
import type { Service } from './replica.js';

/**
 * Sends all again that was answered, waits until what has fallen due is done, and compares: the first thing in which
 * what is stored differs from what clients have sent and were answered, or from itself.
 */
export async function firstDifference(
  journal: Journal,
  at: Database,
  service: Service,
): Promise<string | undefined> {
  await atOnce(journal.again, (send) => send());
  const waiting = await waitForDue(at, journal.accounts);
  if (waiting !== undefined) return waiting;
  const stored = await readStored(at, journal.accounts);
  return (
    otherAnswers(journal) ??
    otherUses(journal, stored) ??
    otherCorrections(journal, stored) ??
    otherCounters(stored) ??
    otherBills(stored) ??
    otherStatements(journal, stored) ??
    otherHolds(journal, stored) ??
    otherPurchases(journal, stored) ??
    otherLedger(stored) ??
    otherPeriods(journal, stored) ??
    (await otherReplay(stored, service))
  );
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Background runs of the services end what is over and rate what is due. */
async function waitForDue(at: Database, accounts: readonly string[]): Promise<string | undefined> {
  const own = { account: { $in: accounts } };
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const past = { $lte: BigInt(Date.now()) * 1_000_000n };
    const overdue = { ...own, state: 'open', expiresAt: past };
    const holds = await collection(at, 'holds').countDocuments(overdue);
    const due = { ...own, strategy: 'seats', dueNext: past };
    const subscriptions = await collection(at, 'subscriptions').countDocuments(due);
    if (holds + subscriptions === 0) return undefined;
    if (Date.now() > giveUp) return `${holds} holds are overdue, and ${subscriptions} subscriptions are due.`;
    await pause(LOOK_MS);
  }
}
