import { type AtTurn, findAccountTurns } from '../accounts/account-store.js';
import { openBatch } from '../recording/batch.js';
import { type Draft, draftOf, windowsOf } from '../recording/draft.js';
import { refuseLate } from '../recording/late-limit.js';
import type { RecordingPorts } from '../recording/ports.js';
import { findKnown } from '../recording/rating-store.js';
import { awaitRevisionsOf, latestRecorded } from '../recording/record-usages.js';
import { refuseBehind } from '../recording/take-turns.js';
import type { SentUsage, UsageOutcome } from '../recording/usage.js';
import { strategiesAmong } from '../recording/strategies-of.js';
import { findWindows } from '../recording/window-store.js';
import { findPurses } from '../wallets/purse-store.js';
import type { HoldRequest } from './hold.js';
import type { HoldBatch } from './hold-batch.js';
import { findHolds } from './hold-store.js';

/** All that requests about holds of an account are decided by, and the turn at which it stood so; undefined without an account. */
export type Seen = { readonly at: AtTurn | undefined; readonly inBatch: HoldBatch };

/**
 * Reads it outside of any transaction, so that reads need not wait for each other; the account's turn before all else.
 * Whoever decides by it takes the next turn: as long as nobody else has, everything stands as it was read.
 */
export async function lookAt(
  account: string,
  requests: readonly HoldRequest[],
  ports: RecordingPorts,
): Promise<Seen> {
  const { store, clock } = ports;
  const { backdated } = ports.book;
  const [at] = await findAccountTurns(store, [account]);
  if (at !== undefined) refuseBehind(at, backdated);
  const turns = at === undefined ? [] : [{ ...at, turn: at.turn + 1 }];
  await awaitRevisions(requests, turns, ports);
  const drafts = await draftsOf(requests, turns, ports);
  const keys = requests.map(({ key }) => key);
  const [holds, windows, purses, known] = await Promise.all([
    findHolds(store, keys),
    findWindows(store, windowsOf([...drafts.values()])),
    findPurses(store, turns, []),
    knownOf(requests, ports),
  ]);
  const batch = openBatch(windows, purses, clock.now());
  const purse = purses.get(account);
  return {
    at: at && { ...at, backdated },
    inBatch: { batch, purse, holds: new Map(holds), moved: new Map(), known, drafts },
  };
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

/** What was recorded before of the uses that are to be committed. */
async function knownOf(
  requests: readonly HoldRequest[],
  { store }: RecordingPorts,
): Promise<Map<string, UsageOutcome>> {
  const usages = requests.flatMap((request) => (request.kind === 'commit' ? [request.usage] : []));
  const known = new Map<string, UsageOutcome>();
  if (usages.length === 0) return known;
  const { ratings, waiting } = await findKnown(store, usages);
  for (const [key, rating] of ratings) known.set(key, { kind: 'duplicate', rating });
  for (const [key, usage] of waiting) known.set(key, { kind: 'unpriced', usage });
  return known;
}
