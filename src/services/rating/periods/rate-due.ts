import type { Session } from '../../../platform/mongo/transaction.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { HOUR, type Instant, MINUTE } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import { ownerOf } from '../recording/batch.js';
import type { RecordingPorts } from '../recording/ports.js';
import { keepUp } from '../recording/take-turns.js';
import { type LoadedRevision, isLoading } from '../revisions/revision-book.js';
import type { Store } from '../store.js';
import { type ToPlan, agendaOf, nextDue } from './agenda.js';
import { closedPeriods } from './closed-periods.js';
import { type Life, NEVER, lifeOf } from './life.js';
import { mainCycle, strategyAt } from './main-period.js';
import { firstEarned } from './earned.js';
import { firstMeasured } from './measured.js';
import { type Settled, findPeriods, findSettled, writeSettled } from './period-store.js';
import { planOf, uncertain } from './plan-period.js';
import { recordPlans } from './record-plans.js';
import { hashOf } from './wanted.js';

export type Due = {
  /** The account, its turn taken in the session. */
  readonly at: AtTurn;
  readonly subscription: Subscription;
  /** What falls due up to here, this instant among it. */
  readonly upTo: Instant;
};

/**
 * Rates what has fallen due of a subscription at the ends and starts of its periods, once, and stores it in the session.
 * What should be charged follows from the account, the subscription and the revisions alone; what is recorded is the
 * difference to what is charged, also of earlier periods that a change has reached. So it may run as often as one likes.
 *
 * Throws UNAVAILABLE when it is not certain yet which revision prices what has fallen due. An instant that lies ahead is for
 * rehearsals alone, which show what is to come by what is known now.
 */
export async function rateDueIn(session: Session, due: Due, ports: RecordingPorts): Promise<void> {
  const { store, book } = ports;
  const { subscription } = due;
  // A process that has just been started may have heard of a revision and not have read it.
  if (isLoading(book, { strategy: subscription.strategy, at: undefined }))
    throw uncertain(subscription.strategy, due.upTo);
  const revisions = book.byStrategy.get(subscription.strategy) ?? [];
  const life = await findLife(store, due, revisions, session);
  const basis = basisOf(due, life, revisions);
  const settled = await findSettled(store, subscription, session);
  // What was charged once stays due, also when an earlier instant is asked for.
  const upTo = settled !== undefined && settled.upTo > due.upTo ? settled.upTo : due.upTo;
  const isSame = settled?.basis === basis;
  if (isSame && (settled.next === undefined || settled.next > upTo)) return;
  const strategy = strategyAt(revisions, upTo);
  const next =
    strategy === undefined
      ? lookAgain(subscription, upTo)
      : await settle(session, { ...due, upTo, life, strategy, revisions, settled, isSame }, ports);
  await writeSettled(store, subscription, { upTo, basis, next }, session);
}

/** What a new subscription is on may have been published a moment ago, and be heard of in the next one. */
function lookAgain({ createdAt }: Subscription, upTo: Instant): Instant {
  return createdAt + MINUTE > upTo ? upTo : upTo + HOUR;
}

/** All that what is charged follows from. */
function basisOf({ at, subscription }: Due, { start }: Life, revisions: readonly LoadedRevision[]): string {
  const known = revisions.map(({ head, contentHash }) => [head.number, head, contentHash] as const);
  // Closing a statement changes nothing of it.
  const own: Subscription = { ...subscription, billed: undefined };
  // A late use may begin the life of a subscription since ever before all that is settled.
  return hashOf([at.account, own, start, known.toSorted(([a], [b]) => a - b)]);
}

type ToSettle = Due & {
  readonly life: Life;
  readonly strategy: Strategy;
  readonly revisions: readonly LoadedRevision[];
  readonly settled: Settled | undefined;
  /** Whether all was the same when it was settled before. */
  readonly isSame: boolean;
};

/** Returns when to look again. */
async function settle(
  session: Session,
  { settled, isSame, life, strategy, revisions, ...due }: ToSettle,
  ports: RecordingPorts,
): Promise<Instant | undefined> {
  const { store, book, clock } = ports;
  const { at, subscription, upTo } = due;
  const zones = new Set(revisions.map((revision) => revision.strategy.timeZone));
  // Where periods of one zone follow those of another, each is found from those before it.
  const from = isSame && zones.size === 1 ? settled?.upTo : undefined;
  const owner = ownerOf(subscription);
  const known = await findPeriods(store, owner, from, session);
  const cycles = revisions.flatMap((revision) => revision.strategy.prepared.cycles);
  const zoneAt = (instant: Instant) => (strategyAt(revisions, instant) ?? strategy).timeZone;
  const toPlan: ToPlan = { owner, cycles, life, zoneAt, from, upTo, known };
  const planning = { account: at.account, subscription, life, upTo, now: clock.now(), book };
  const agenda = agendaOf(toPlan);
  await keepUp([at], { store, book }, session);
  const plans = agenda.flatMap((entry) => planOf(entry, planning) ?? []);
  const events = closedPeriods(due, { life, strategy, after: settled?.upTo });
  const isWhole = await recordPlans(session, { plans, planning, at, events }, ports);
  const changes = subscription.attributes.flatMap(({ from: change }) => change ?? []);
  const ends = agenda.map(({ period }) => period.end);
  const next = nextDue({ ...toPlan, cycles: [...cycles, mainCycle(strategy)] }, [...changes, ...ends]);
  return isWhole ? next : upTo;
}

export async function findLife(
  store: Store,
  { at: { account }, subscription }: Due,
  revisions: readonly LoadedRevision[],
  session: Session,
): Promise<Life> {
  const measures = revisions.some(({ strategy }) =>
    strategy.prepared.cycles.some(({ measured }) => measured.length > 0),
  );
  const life = lifeOf(account, subscription);
  if (subscription.startsAt !== undefined) return life;
  const firsts = [measures ? await firstMeasured(store, subscription, session) : undefined];
  const earlier = { owner: ownerOf(subscription), before: life.start };
  for (const { strategy } of revisions)
    firsts.push(await firstEarned(store, { ...earlier, strategy }, session));
  const known = firsts.filter((first) => first !== undefined);
  return lifeOf(
    account,
    subscription,
    known.reduce((a, b) => (a < b ? a : b), NEVER),
  );
}
