import { type AtTurn, findAccountTurns } from '../accounts/account-store.js';
import { openBatch } from '../recording/batch.js';
import { type Draft, draftOf, windowsOf } from '../recording/draft.js';
import { refuseLate } from '../recording/late-limit.js';
import type { RecordingPorts } from '../recording/ports.js';
import { findRated, findUnpriced } from '../recording/rating-store.js';
import { awaitRevisionsOf, latestRecorded } from '../recording/record-usages.js';
import type { SentUsage, UsageOutcome } from '../recording/usage.js';
import { strategiesAmong } from '../recording/strategies-of.js';
import { type StoredWindows, findWindows } from '../recording/window-store.js';
import { findPurses } from '../wallets/purse-store.js';
import type { Hold, HoldRequest } from './hold.js';
import type { HoldBatch } from './hold-batch.js';
import { findHolds, holdKey } from './hold-store.js';
import { type Standing, isLast, pursesOf } from './standing.js';

/** All that requests about holds of an account are decided by, and the turn at which it stood so; undefined without an account. */
export type Seen = { readonly at: AtTurn | undefined; readonly inBatch: HoldBatch };

/**
 * Reads it outside of any transaction, so that reads need not wait for each other; the account's turn before all else.
 * Whoever decides by it takes the next turn: as long as nobody else has, everything stands as it was read. What this
 * process left behind at the last turn is not read again.
 */
export async function lookAt(
  account: string,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
  left: Standing | undefined,
): Promise<Seen> {
  const { store, clock } = ports;
  const [isStill, named] =
    left === undefined
      ? [false]
      : await Promise.all([isLast(store, left), findNamed(requests, left.holds, ports)]);
  const standing = isStill ? left : undefined;
  const [at] = standing === undefined ? await findAccountTurns(store, [account]) : [standing.at];
  const turns = at === undefined ? [] : [{ ...at, turn: at.turn + 1 }];
  await awaitRevisions(requests, turns, ports);
  const drafts = await draftsOf(requests, turns, ports);
  const names = windowsOf([...drafts.values()]);
  const [{ holds, known }, windows, purses] = await Promise.all([
    isStill && named ? named : findNamed(requests, new Map(), ports),
    windowsIn(standing, names) ?? findWindows(store, names),
    standing === undefined ? findPurses(store, turns, []) : pursesOf(standing),
  ]);
  const batch = openBatch(windows, purses, clock.now());
  const purse = purses.get(account);
  const inBatch = { batch, purse, holds: new Map(holds), made: new Set<string>(), ended: new Set<string>(), known, drafts };
  return { at, inBatch };
}

/** Windows are kept as they were left all or not at all. */
function windowsIn(standing: Standing | undefined, names: readonly string[]): StoredWindows | undefined {
  return names.every((name) => standing?.windows.asked.has(name)) ? standing?.windows : undefined;
}

/** What there is under the ids that requests name. */
type Named = Pick<HoldBatch, 'holds' | 'known'>;

async function findNamed(
  requests: readonly HoldRequest[],
  open: ReadonlyMap<string, Hold>,
  { store }: RecordingPorts,
): Promise<Named> {
  const keys = requests.map(({ key }) => key).filter((key) => !open.has(holdKey(key)));
  const usages = requests.flatMap((request) => (request.kind === 'commit' ? [request.usage] : []));
  const [holds, ratings, waiting] = await Promise.all([
    findHolds(store, keys),
    findRated(store, usages),
    findUnpriced(store, usages),
  ]);
  const known = new Map<string, UsageOutcome>();
  for (const [key, rating] of ratings) known.set(key, { kind: 'duplicate', rating });
  for (const [key, usage] of waiting) known.set(key, { kind: 'unpriced', usage });
  return { holds: new Map([...open, ...holds]), known };
}

/** Each caller has a deadline of its own, and this waits for seconds at most. */
async function awaitRevisions(
  requests: readonly HoldRequest[],
  turns: readonly AtTurn[],
  { clock, book }: RecordingPorts,
): Promise<void> {
  const usages = requests.map(usageOf).filter((usage) => usage !== undefined);
  const strategies = strategiesAmong(
    usages,
    turns.flatMap(({ subscriptions }) => subscriptions),
  );
  const { signal } = new AbortController();
  await awaitRevisionsOf({ usages, strategies, latest: latestRecorded(clock) }, book, signal);
}

async function draftsOf(
  requests: readonly HoldRequest[],
  turns: readonly AtTurn[],
  { store, clock, book }: RecordingPorts,
): Promise<ReadonlyMap<HoldRequest, Draft>> {
  const accounts = new Map(turns.map((one) => [one.account.id, one]));
  const from = { accounts, book, latest: latestRecorded(clock) };
  const drafts = new Map<HoldRequest, Draft>();
  for (const request of requests) {
    const usage = usageOf(request);
    if (usage === undefined) continue;
    const drafted = draftOf(usage, from);
    const [draft = drafted] = await refuseLate([drafted], { store, now: clock.now() });
    drafts.set(request, draft);
  }
  return drafts;
}

/** The use that a request is about. */
function usageOf(request: HoldRequest): SentUsage | undefined {
  return request.kind === 'reserve' || request.kind === 'commit' ? request.usage : undefined;
}
