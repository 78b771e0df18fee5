import { RatebookError } from '../../../errors/error.js';
import { plus } from '../../../money/arithmetic.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { restoreTotals } from '../../../quote/totals.js';
import type { Cycle } from '../../../strategy/prepared.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant, Span } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import { ownerOf } from '../recording/batch.js';
import { pinnedAt } from '../recording/choose-revision.js';
import type { RecordingPorts } from '../recording/ports.js';
import { ratingsOf } from '../recording/rating-store.js';
import type { UsageKey } from '../recording/usage-key.js';
import { type LoadedRevision, findRevision } from '../revisions/revision-book.js';
import type { Store } from '../store.js';
import type { Entry } from './agenda.js';
import { type PeriodDocument, findPeriods, findSettled } from './period-store.js';
import {
  type Plan,
  type Planning,
  decidingInstant,
  isSame,
  planOf,
  revisionFor,
  usageIdOf,
  wantedOfPlan,
} from './plan-period.js';
import { findLife } from './rate-due.js';
import { recordPlans } from './record-plans.js';
import { rateWanted } from './wanted.js';

export type ToRateAgain = {
  readonly at: AtTurn;
  readonly subscription: Subscription;
  /** Of all that have been charged. */
  readonly isMeant: (period: Span) => boolean;
  /** The one that would be chosen now unless given. */
  readonly revision: LoadedRevision | undefined;
};

/** What the charges of one period come to, before and after. */
export type PeriodChange = {
  readonly usageId: string;
  readonly start: Instant;
  readonly revisionBefore: number;
  readonly revisionAfter: number;
  readonly before: Decimal;
  readonly after: Decimal;
  /** Why it stays as it is. */
  readonly error: RatebookError | undefined;
};

/**
 * Charges periods again that were charged before, in the session, and stores what differs. Returns them all, also those in
 * which nothing does. In a period whose charges cannot be worked out anew they stay as they are.
 */
export async function ratePeriodsAgain(
  session: Session,
  to: ToRateAgain,
  ports: RecordingPorts,
): Promise<readonly PeriodChange[]> {
  const { store, book, clock } = ports;
  const { at, subscription } = to;
  const settled = await findSettled(store, subscription, session);
  if (settled === undefined) return [];
  const revisions = book.byStrategy.get(subscription.strategy) ?? [];
  const life = await findLife(store, { at, subscription, upTo: settled.upTo }, revisions, session);
  const now = clock.now();
  const planning: Planning = { account: at.account, subscription, life, upTo: settled.upTo, now, book };
  const known = await findPeriods(store, ownerOf(subscription), undefined, session);
  const looks: Look[] = [];
  for (const document of [...known.values()].filter(to.isMeant).toSorted(byStart)) {
    const look = lookAgain(document, to, planning);
    looks.push(
      look.plan === undefined ? look : await refuseUnpriced(look, look.plan, planning, { store, session }),
    );
  }
  const sumOf = ({ usageId }: Look) => sumCharged(store, { account: at.account.id, usageId }, session);
  const before = await inTurn(looks, sumOf);
  const plans = looks.flatMap(({ plan }) => plan ?? []);
  await recordPlans(session, { plans, planning, at, events: [] }, ports);
  const after = await inTurn(looks, sumOf);
  return looks.map(({ document, usageId, plan, error }, i) => ({
    ...{ usageId, error },
    start: document.start,
    revisionBefore: document.revision,
    revisionAfter: plan?.revision.head.number ?? document.revision,
    before: before[i] ?? ZERO,
    after: after[i] ?? ZERO,
  }));
}

function byStart(a: PeriodDocument, b: PeriodDocument): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}

type Look = {
  readonly document: PeriodDocument;
  readonly usageId: string;
  /** Undefined where the charges stay. */
  readonly plan: Plan | undefined;
  readonly error: RatebookError | undefined;
};

function lookAgain(document: PeriodDocument, { revision }: ToRateAgain, planning: Planning): Look {
  const { _id: id, kind, anchor, bill, start, end } = document;
  const { subscription, life, book } = planning;
  const entry: Entry = { id, cycle: { kind, anchor, bill }, period: { start, end }, known: undefined };
  const pin = pinnedAt(subscription, decidingInstant(entry, life));
  const stays = { document, usageId: usageIdOf(subscription, entry), plan: undefined, error: undefined };
  const chosen = revision ?? revisionFor(entry, pin, planning);
  if (chosen === undefined) return stays;
  const { number } = chosen.head;
  if (number !== document.revision) {
    const at = { strategy: subscription.strategy, at: undefined };
    const before = findRevision(book, { ...at, number: document.revision }).strategy;
    if (hasOtherCycles(before, chosen.strategy, entry.cycle))
      return { ...stays, error: otherCycles(document.revision, number) };
  }
  const plan = planOf({ ...entry, known: { ...document, revision: number, pin } }, planning);
  // A difference says what is charged, so nothing more may be given than what still waits to be.
  return { ...stays, plan: plan && (document.failed ? plan : { ...plan, granting: undefined }) };
}

/** Whether one of the prices that fell due falls due by other periods now, of which these are none. */
function hasOtherCycles(from: Strategy, to: Strategy, cycle: Entry['cycle']): boolean {
  const own = from.prepared.cycles.filter((one) => isSame(one, cycle));
  const ids = new Set(own.flatMap(pricesOf));
  return to.prepared.cycles.some((one) => !isSame(one, cycle) && pricesOf(one).some((id) => ids.has(id)));
}

function pricesOf({ prorated, whole, measured, minimums }: Cycle): readonly string[] {
  return [...prorated, ...whole, ...measured, ...minimums];
}

function otherCycles(from: number, to: number): RatebookError {
  const message = `Revision ${to} charges by other periods than revision ${from}, so this stays as it was charged.`;
  return new RatebookError('PERIOD_RUNNING', message);
}

/** Leaves charges that cannot be worked out anew, where an attribute is missing for one. */
async function refuseUnpriced(
  look: Look,
  plan: Plan,
  planning: Planning,
  { store, session }: { readonly store: Store; readonly session: Session },
): Promise<Look> {
  const totals = restoreTotals(plan.revision.strategy, new Map());
  try {
    for (const one of await wantedOfPlan(plan, planning, store, session))
      await rateWanted(one, planning, { totals, place: NO_PLACE });
    return look;
  } catch (error) {
    if (error instanceof RatebookError) return { ...look, plan: undefined, error };
    throw error;
  }
}

const NO_PLACE = { usageId: '', number: 1, turn: 0, place: 0, recordedAt: 0n } as const;

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

async function sumCharged(store: Store, key: UsageKey, session: Session): Promise<Decimal> {
  const ratings = await ratingsOf(store, key, session);
  return ratings.reduce((sum, { amount }) => plus(sum, amount), ZERO);
}
