import type { AtTurn } from '../accounts/account-store.js';
import { type Draft, draftOf } from '../recording/draft.js';
import { refuseLate } from '../recording/late-limit.js';
import type { RecordingPorts } from '../recording/ports.js';
import { awaitRevisionsOf, latestRecorded } from '../recording/record-usages.js';
import { giveFirst } from '../periods/give-first.js';
import { strategiesAmong } from '../recording/strategies-of.js';
import type { HoldRequest } from './hold.js';

export type Drafted = {
  readonly drafts: ReadonlyMap<HoldRequest, Draft>;
  /** The newest revision for the past that they may go by: more may have come while they were waited for. */
  readonly backdated: bigint;
};

/** What the uses of the requests are rated by in the turn that is named, or without an account. */
export async function draftRequests(
  requests: readonly HoldRequest[],
  turn: AtTurn | undefined,
  ports: RecordingPorts,
): Promise<Drafted> {
  const { store, clock, book } = ports;
  const latest = latestRecorded(clock);
  const own = requests.filter((request) => request.kind === 'reserve' || request.kind === 'commit');
  const usages = own.map(({ usage }) => usage);
  const strategies = strategiesAmong(usages, turn?.subscriptions ?? []);
  // Each caller has a deadline of its own, and this waits for seconds at most.
  const { signal } = new AbortController();
  await awaitRevisionsOf({ usages, strategies, latest }, book, signal);
  // Where that takes a turn, the one that is named is not the next any more, and it is all drafted again.
  if (turn !== undefined) await giveFirst(strategies, [turn.account.id], ports);
  const accounts = new Map(turn && [[turn.account.id, turn]]);
  const { backdated } = book;
  const drafted = usages.map((usage) => draftOf(usage, { accounts, book, latest }));
  const inTime = await refuseLate(drafted, { store, now: clock.now() });
  const drafts = new Map<HoldRequest, Draft>();
  for (const [i, draft] of inTime.entries()) {
    const request = own[i];
    if (request !== undefined) drafts.set(request, draft);
  }
  return { drafts, backdated };
}
