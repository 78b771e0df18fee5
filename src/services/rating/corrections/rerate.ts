import { RatebookError, violationError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { type Instant, type Span, formatInstant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import { takeTurns } from '../recording/take-turns.js';
import type { Subscription, SubscriptionName } from '../accounts/account.js';
import { getSubscription, subscriptionIn } from '../accounts/get-subscription.js';
import { openBatch, ownerOf, writeBatch } from '../recording/batch.js';
import { awaitCertainty, periodOf, revisionOf } from '../recording/choose-revision.js';
import { accountNotFound } from '../recording/find-payer.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { findWindows } from '../recording/window-store.js';
import { ratePeriodsAgain } from '../periods/rate-again.js';
import { findPurses } from '../wallets/purse-store.js';
import { awaitNews } from '../revisions/await-watermark.js';
import { type RevisionBook, findRevision } from '../revisions/revision-book.js';
import { type Rerated, type UseOutcomes, byUse, isChanged, summarize } from './plan.js';
import { keepRerated } from './keep-rerated.js';
import { startOf, withOthers } from './history.js';
import { type How, rateHistory } from './rate-history.js';
import {
  type OpenSpan,
  findRerated,
  insertRerated,
  lastNumbers,
  readAllFrom,
  readHistory,
} from './rerate-store.js';
import { straddles, windowsOfHistory } from './rerate-windows.js';

export type RerateInput = SubscriptionName & {
  /** Of the periods from the one that this lies in; from the first unless given. */
  readonly from: Instant | undefined;
  /** To the one that begins here, which is left out; to the last unless given. */
  readonly to: Instant | undefined;
  /** Those that would be chosen now unless given. */
  readonly revision: number | undefined;
  /** Of an earlier answer, to be stored. */
  readonly plan: string | undefined;
};

export type RerateAnswer = Rerated & { readonly applied: boolean };

/**
 * Rates the uses of whole periods again, in the order in which they were recorded, from where the counters stood before
 * the first of them. Told a plan, it stores what the plan says: what differs is taken back to the last digit and rated
 * anew under the same usage id. So are the charges of these periods themselves. A plan is stored once, and told again it is
 * answered again. There is no late limit.
 *
 * Throws INVALID_REQUEST, ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND, REVISION_NOT_FOUND, UNAVAILABLE, TOO_LARGE, and
 * PLAN_OUTDATED when anything has changed since that the plan was made from.
 */
export async function rerate(
  input: RerateInput,
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<RerateAnswer> {
  const { store, book, queues, clock } = ports;
  const { strategy } = await getSubscription(input, ports);
  const now = clock.now();
  const { to = now, revision, plan } = input;
  await awaitCertainty(book, strategy, to < now ? to : now, signal);
  // A revision that is named may have been published a moment ago.
  if (revision !== undefined) await awaitNews(book, { strategy, number: revision, at: undefined }, signal);
  const span = spanOf(input, strategy, book);
  return inQueues(queues, [input.account], async () => {
    if (plan !== undefined)
      return store.mongo.transaction((session) => applyIn(session, { ...input, span, plan }, ports));
    const rerated = await store.mongo.rehearsal((session) => rerateIn(session, { ...input, span }, ports));
    return { ...rerated, applied: false };
  });
}

/** Whole periods. Throws INVALID_REQUEST where they would not be. */
function spanOf({ from, to }: RerateInput, strategy: string, book: RevisionBook): OpenSpan {
  const last = to === undefined ? undefined : periodOf(book, strategy, to);
  if (to !== undefined && last !== undefined && last.start !== to) {
    const description = `${formatInstant(to)} lies within a period; send its start, ${formatInstant(last.start)}, or its end, ${formatInstant(last.end)}`;
    throw violationError('INVALID_REQUEST', [{ field: 'to', description }]);
  }
  return { start: from === undefined ? undefined : periodOf(book, strategy, from).start, end: to };
}

type ToRerate = RerateInput & { readonly span: OpenSpan };

async function applyIn(
  session: Session,
  input: ToRerate & { readonly plan: string },
  ports: RecordingPorts,
): Promise<RerateAnswer> {
  const { store } = ports;
  const earlier = await findRerated(store, input, input.plan, session);
  if (earlier !== undefined) return { ...earlier, applied: true };
  const rerated = await rerateIn(session, input, ports);
  if (rerated.plan !== input.plan) throw outdated(rerated.plan);
  await insertRerated(store, input, rerated, session);
  return { ...rerated, applied: true };
}

/** Stores in the session what differs: charges of periods see what was used as it is rated anew. */
async function rerateIn(session: Session, input: ToRerate, ports: RecordingPorts): Promise<Rerated> {
  const [at] = await takeTurns(ports, [input.account], session);
  if (at === undefined) throw accountNotFound(input.account);
  const subscription = subscriptionIn(at, input);
  const uses = await rerateUses(session, input, { at, subscription }, ports);
  const { isMeant, revision } = meantBy(input, subscription, ports);
  const periods = await ratePeriodsAgain(session, { at, subscription, isMeant, revision }, ports);
  return summarize(subscription, at.account.currency, { uses, periods });
}

async function rerateUses(
  session: Session,
  input: ToRerate,
  { at, subscription }: Whose,
  ports: RecordingPorts,
): Promise<readonly UseOutcomes[]> {
  const { store, book } = ports;
  const how = howOf(input, { at, subscription }, ports);
  const meant = await readHistory(store, input, input.span, session);
  const [first] = meant;
  const history =
    first !== undefined && straddles(book, subscription.strategy, input.span)
      ? await readAllFrom(store, input, first, session)
      : meant;
  const owner = ownerOf(subscription);
  const found = await findWindows(store, windowsOfHistory(history, owner, how), session);
  const begun = await startOf(history, owner, found, book);
  const { outcomes, counters } = await rateHistory(history, begun, how);
  const uses = byUse(outcomes);
  const changed = uses.filter(isChanged);
  if (changed.length === 0) return uses;
  const ids = changed.map(([{ entry }]) => entry.rating.usageId);
  const numbers = await lastNumbers(store, input.account, ids, session);
  const charged = changed.flatMap((use) => use.map(({ entry }) => entry.rating));
  const batch = openBatch(found, await findPurses(store, [at], charged, session), how.recordedAt);
  keepRerated(batch, changed, {
    turn: at.turn,
    numbers,
    counters: withOthers(counters, begun, found, owner),
    book,
  });
  await writeBatch(store, batch, session);
  return uses;
}

type Whose = { readonly at: AtTurn; readonly subscription: Subscription };

/** Which periods are rated again, and by which revision if one is named. */
function meantBy(
  { span: { start, end }, revision: number }: ToRerate,
  { strategy }: Subscription,
  { book }: RecordingPorts,
) {
  return {
    isMeant: (period: Span) =>
      (start === undefined || start <= period.start) && (end === undefined || period.start < end),
    revision: number === undefined ? undefined : findRevision(book, { strategy, number, at: undefined }),
  };
}

function howOf(input: ToRerate, { at, subscription }: Whose, ports: RecordingPorts): How {
  const { book, clock } = ports;
  const { isMeant, revision } = meantBy(input, subscription, ports);
  return {
    payer: { ...at, subscription },
    book,
    recordedAt: clock.now(),
    isMeant: ({ period }) => isMeant(period),
    revisionFor: (instant) => revision ?? revisionOf(book, subscription, instant),
  };
}

function outdated(plan: string): RatebookError {
  const message =
    'What this plan was made from has changed since; look at the new differences, and apply the plan that comes with them.';
  return new RatebookError('PLAN_OUTDATED', message, { metadata: { plan } });
}
