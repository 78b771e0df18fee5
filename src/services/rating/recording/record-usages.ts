import type { Session } from '../../../platform/mongo/transaction.js';
import type { Clock } from '../../../platform/clock.js';
import { SECOND, type Instant } from '../../../time/instant.js';
import { type Batch, openBatch, sendAhead, writeBatch } from './batch.js';
import type { AtTurn } from '../accounts/account-store.js';
import { awaitCertainty } from './choose-revision.js';
import { type Draft, draftOf, windowsOf } from './draft.js';
import { rejectedEvent } from '../events/rejected-event.js';
import { keepUp, takeTurns } from './take-turns.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import { refuseLate } from './late-limit.js';
import type { RecordingPorts } from './ports.js';
import { inQueues } from './queues.js';
import { deleteUnpriced, findAmended, findKnown, updateReasons } from './rating-store.js';
import { type UsageKey, usageKey } from './usage-key.js';
import { rateIn } from './rate-in.js';
import { repeated } from './repeated.js';
import type { SentUsage, UnpricedUsage, UsageOutcome } from './usage.js';
import { giveFirst } from '../periods/give-first.js';
import { findPurses } from '../wallets/purse-store.js';
import { strategiesOf } from './strategies-of.js';
import { findWindows } from './window-store.js';

/** Clocks differ a little; what is later than this lies in the future. The watermark leads by a second more. */
const SKEW: Instant = 2n * SECOND;

/** The latest instant that is recorded now. */
export function latestRecorded(clock: Clock): Instant {
  return clock.now() + SKEW;
}

/**
 * Records uses and rates each exactly once: in one transaction, those of one account in the order given. Each has an
 * outcome of its own and never fails the others. Throws UNAVAILABLE and CONFLICT for all of them, and then a repeat tells
 * what was stored.
 */
export async function recordUsages(
  usages: readonly SentUsage[],
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<readonly UsageOutcome[]> {
  return record({ usages, isWaiting: false }, ports, signal);
}

/** Rates uses that are stored already and wait for a price; what still has none goes on waiting. Throws the same. */
export async function rateAgain(
  usages: readonly SentUsage[],
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<readonly UsageOutcome[]> {
  return record({ usages, isWaiting: true }, ports, signal);
}

type Uses = {
  readonly usages: readonly SentUsage[];
  /** Whether they are those that wait for a price. */
  readonly isWaiting: boolean;
};

function record(uses: Uses, ports: RecordingPorts, signal: AbortSignal): Promise<readonly UsageOutcome[]> {
  const ids = [...new Set(uses.usages.map(({ account }) => account))].toSorted();
  return inQueues(ports.queues, ids, async () => {
    // Whoever gave up while it waited sends it again, and that would only wait behind this.
    signal.throwIfAborted();
    const toRecord = { ...uses, ids, latest: latestRecorded(ports.clock) };
    const strategies = await strategiesOf(uses.usages, ids, ports.store);
    await awaitRevisionsOf({ ...toRecord, strategies }, ports.book, signal);
    await giveFirst(strategies, ids, ports);
    return ports.store.mongo.transaction((session) => recordIn(session, toRecord, ports));
  });
}

type ToRecord = Uses & {
  /** Of the accounts. */
  readonly ids: readonly string[];
  /** The latest instant that is recorded. */
  readonly latest: Instant;
};

type Uncertain = Pick<ToRecord, 'usages' | 'latest'> & {
  /** Which the uses are of. */
  readonly strategies: ReadonlySet<string>;
};

/**
 * Waits until it is certain by which revisions the uses are rated. Which strategies they are of does not change meanwhile:
 * a subscription keeps its own.
 */
export async function awaitRevisionsOf(
  { usages, latest, strategies }: Uncertain,
  book: RevisionBook,
  signal: AbortSignal,
): Promise<void> {
  const instants = usages.map(({ occurredAt }) => occurredAt).filter((at) => at <= latest);
  const last = instants.reduce((a, b) => (a > b ? a : b), 0n);
  await Promise.all([...strategies].map((strategy) => awaitCertainty(book, strategy, last, signal)));
}

async function recordIn(
  session: Session,
  { usages: sent, isWaiting, ids, latest }: ToRecord,
  { store, clock, book }: RecordingPorts,
): Promise<readonly UsageOutcome[]> {
  const turns = await takeTurns({ store, book }, ids, session);
  const accounts = new Map(turns.map((found) => [found.account.id, found]));
  const { ratings, waiting } = await findKnown(store, sent, session);
  // What waited when it was looked up may have been taken back since, and even have come again as another use.
  const isKept = (usage: SentUsage, key = usageKey(usage)) =>
    ratings.has(key) || waiting.get(key)?.fingerprint === usage.fingerprint;
  const usages = isWaiting ? sent.filter((usage) => isKept(usage)) : sent;
  const asAmended = await findAmended(store, usages, ratings, session);
  const now = clock.now();
  await keepUp(turns, { store, book }, session);
  const drafted = usages.map((usage) => draftOf(usage, { accounts, book, latest }));
  const drafts = await refuseLate(drafted, { store, now }, session);
  const known = new Map<string, UsageOutcome>();
  for (const [key, rating] of ratings) known.set(key, { kind: 'duplicate', rating });
  if (!isWaiting) for (const [key, usage] of waiting) known.set(key, { kind: 'unpriced', usage });
  const fresh = drafts.filter(({ usage }) => !known.has(usageKey(usage)));
  const windows = await findWindows(store, windowsOf(fresh), session);
  const batch = openBatch(windows, await findPurses(store, turns, [], session), now);
  const outcomes = await rateAll(batch, drafts, { known, waiting, asAmended, accounts }, () =>
    sendAhead(store, batch, session),
  );
  await batch.ahead.arrived;
  // What still waits is stored already.
  const unpriced = batch.unpriced.filter((usage) => !isIn(waiting)(usage));
  await deleteUnpriced(store, batch.ratings.filter(isIn(waiting)), session);
  await updateReasons(store, batch.unpriced.filter(isIn(waiting)), session);
  await writeBatch(store, { ...batch, unpriced }, session);
  return outcomes;
}

type Stored = {
  /** What became of each use that is stored already. */
  readonly known: Map<string, UsageOutcome>;
  readonly waiting: ReadonlyMap<string, UnpricedUsage>;
  readonly asAmended: ReadonlyMap<SentUsage, UsageOutcome>;
  readonly accounts: ReadonlyMap<string, AtTurn>;
};

/** Rates what is new, in the order given, and answers what is known as it is stored. `onRated` is waited for each time. */
async function rateAll(
  batch: Batch,
  drafts: readonly Draft[],
  { known, waiting, asAmended, accounts }: Stored,
  onRated: () => Promise<void>,
): Promise<readonly UsageOutcome[]> {
  const outcomes: UsageOutcome[] = [];
  for (const draft of drafts) {
    const { usage } = draft;
    const key = usageKey(usage);
    const earlier = known.get(key);
    const outcome =
      earlier === undefined
        ? stillWaiting(await rateIn(batch, draft), waiting.get(key))
        : repeated(usage, asAmended.get(usage) ?? earlier);
    // What comes twice in one batch was recorded by the time it comes again.
    if (earlier === undefined && outcome.kind !== 'rejected') known.set(key, outcome);
    if (outcome.kind === 'rejected' && accounts.has(usage.account))
      batch.events.push(rejectedEvent(usage, outcome.error, batch.recordedAt));
    outcomes.push(outcome);
    await onRated();
  }
  return outcomes;
}

/** What waited before was recorded then, and only why it waits is news. */
function stillWaiting(outcome: UsageOutcome, before: UnpricedUsage | undefined): UsageOutcome {
  if (outcome.kind !== 'unpriced' || before === undefined) return outcome;
  const { reason, message } = outcome.usage;
  return { kind: 'unpriced', usage: { ...before, reason, message } };
}

function isIn(waiting: ReadonlyMap<string, unknown>): (key: UsageKey) => boolean {
  return (key) => waiting.has(usageKey(key));
}
