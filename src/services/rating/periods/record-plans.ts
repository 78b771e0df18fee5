import type { Session } from '../../../platform/mongo/transaction.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { RatingEvent } from '../events/event.js';
import { nameOfAccount, restoreTotals } from '../../../quote/totals.js';
import { openBatch, ownerOf, writeBatch } from '../recording/batch.js';
import type { RecordingPorts } from '../recording/ports.js';
import { deleteUnpriced, findUnpriced, ratingsOf } from '../recording/rating-store.js';
import { usageKey } from '../recording/usage-key.js';
import type { UnpricedUsage } from '../recording/usage.js';
import { inputOfRating } from '../recording/rate-use.js';
import { type StoredWindows, countedFor, findWindows, windowName } from '../recording/window-store.js';
import { namesOfUse } from '../recording/names-of-use.js';
import type { Store } from '../store.js';
import { findPurses } from '../wallets/purse-store.js';
import { giveGrants } from './give-grants.js';
import { type PeriodDocument, writePeriods } from './period-store.js';
import { type Plan, type Planning, usageIdOf, wantedOfPlan } from './plan-period.js';
import { type ToSettle, settlePeriod, waitingFor } from './settle-period.js';
import { limitedIn } from './times.js';
import { chargedBy } from './wanted.js';

export type ToRecord = {
  readonly plans: readonly Plan[];
  readonly planning: Planning;
  readonly at: AtTurn;
  readonly events: readonly RatingEvent[];
};

/** Stores what the plans change. Answers whether all of it could be charged. */
export async function recordPlans(
  session: Session,
  { plans, planning, at, events }: ToRecord,
  ports: RecordingPorts,
): Promise<boolean> {
  const { store, clock, book } = ports;
  const changed: Changed[] = [];
  for (const plan of plans.filter(isChanged).toSorted(byDue)) {
    const { account, subscription } = planning;
    const usageId = usageIdOf(subscription, plan.entry);
    const wanted = await wantedOfPlan(plan, planning, store, session);
    const ratings = await ratingsOf(store, { account: account.id, usageId }, session);
    const { revision } = plan;
    changed.push({ plan, at, subscription, revision, book, usageId, wanted, ratings });
  }
  const windows = await findWindows(store, windowsOf(changed), session);
  const notGiven = await giveAll(session, changed, windows, ports);
  const rated = changed.flatMap(({ ratings }) => ratings);
  const batch = openBatch(windows, await findPurses(store, [at], rated, session), clock.now());
  const periods: PeriodDocument[] = [];
  const waiting: UnpricedUsage[] = [];
  for (const { plan, ...period } of changed) {
    const unpriced = (await settlePeriod(batch, period)) ?? notGiven.get(plan);
    if (unpriced !== undefined) waiting.push(unpriced);
    periods.push(documentOf(plan, planning, unpriced !== undefined));
  }
  batch.events.push(...events);
  batch.unpriced.push(...(await replaceWaiting(store, changed, waiting, session)));
  await writeBatch(store, batch, session);
  await writePeriods(store, periods, session);
  return waiting.length === 0;
}

type Changed = ToSettle & { readonly plan: Plan };

/**
 * Gives what the periods give, before anything is paid from the wallets. Returns what waits instead until a fact or a
 * revision is put right.
 */
async function giveAll(
  session: Session,
  changed: readonly Changed[],
  windows: StoredWindows,
  ports: RecordingPorts,
): Promise<ReadonlyMap<Plan, UnpricedUsage>> {
  const waiting = new Map<Plan, UnpricedUsage>();
  for (const { plan, subscription, usageId, at } of changed) {
    const { entry, granting, revision } = plan;
    if (granting === undefined) continue;
    const totals = restoreTotals(revision.strategy, countedFor(windows, ownerOf(subscription)));
    try {
      await giveGrants(session, { account: at.account, subscription, entry, granting, totals }, ports);
    } catch (error) {
      const place = { usageId, turn: at.turn, place: waiting.size, recordedAt: ports.clock.now() };
      waiting.set(plan, waitingFor(error, granting, { subscription, place }));
    }
  }
  return waiting;
}

function isChanged({ entry: { known }, outline }: Plan): boolean {
  return known === undefined || known.stale || known.failed || known.outline !== outline;
}

/** In the order in which they fall due, since some discounts are had only so often. */
function byDue({ entry: a }: Plan, { entry: b }: Plan): number {
  const dueAt = ({ cycle, period }: Plan['entry']) => (cycle.bill === 'advance' ? period.start : period.end);
  return dueAt(a) < dueAt(b) ? -1 : dueAt(a) > dueAt(b) ? 1 : 0;
}

/**
 * Those that are billed and, for rules that read what was used so far, those that count it. What is taken back may have
 * counted for the account also where nothing is charged any more.
 */
function windowsOf(changed: readonly Changed[]): readonly string[] {
  const names = new Set<string>();
  for (const { plan, subscription, wanted, ratings, book } of changed) {
    const owner = ownerOf(subscription);
    for (const one of [...wanted, ...(plan.granting === undefined ? [] : [plan.granting])]) {
      const { piece, revision, given } = one;
      names.add(windowName(owner, piece.window));
      const counting = { owner, strategy: revision.strategy, given, at: piece.at };
      for (const name of namesOfUse(counting, () => inputOfRating(chargedBy(one)))) names.add(name);
    }
    if (limitedIn(ratings, book).size > 0) names.add(windowName(owner, nameOfAccount(subscription.strategy)));
    for (const { part } of ratings) if (part !== undefined) names.add(windowName(owner, part.window));
  }
  return [...names];
}

/** Removes what waited and is charged now. Returns what waits for the first time, or for another reason than before. */
async function replaceWaiting(
  store: Store,
  changed: readonly ToSettle[],
  waiting: readonly UnpricedUsage[],
  session: Session,
): Promise<readonly UnpricedUsage[]> {
  const keys = changed.map(({ subscription: { account }, usageId }) => ({ account, usageId }));
  const before = await findUnpriced(store, keys, session);
  const isNew = (usage: UnpricedUsage) => before.get(usageKey(usage))?.message !== usage.message;
  const stays = new Set(waiting.filter((usage) => !isNew(usage)).map(usageKey));
  await deleteUnpriced(
    store,
    [...before.values()].filter((usage) => !stays.has(usageKey(usage))),
    session,
  );
  return waiting.filter(isNew);
}

function documentOf(
  { entry: { id, cycle, period }, revision, pin, outline }: Plan,
  { subscription }: Planning,
  failed: boolean,
): PeriodDocument {
  return {
    _id: id,
    owner: ownerOf(subscription),
    kind: cycle.kind,
    anchor: cycle.anchor,
    bill: cycle.bill,
    ...period,
    revision: revision.head.number,
    pin,
    outline,
    stale: false,
    failed,
  };
}
