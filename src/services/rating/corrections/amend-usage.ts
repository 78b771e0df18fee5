import { RatebookError, violationError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { takeOver } from '../../../quote/moves.js';
import { countedBy } from '../../../quote/stored-totals.js';
import { type AtTurn, findSubscriptionsOf } from '../accounts/account-store.js';
import { keepUp, takeTurns } from '../recording/take-turns.js';
import { subscriptionIn } from '../accounts/get-subscription.js';
import { type Batch, keepRating, openBatch, ownerOf, totalsOf, writeBatch } from '../recording/batch.js';
import { awaitCertainty } from '../recording/choose-revision.js';
import { type Draft, draftOf, windowsOf } from '../recording/draft.js';
import { accountNotFound } from '../recording/find-payer.js';
import { usageNotFound } from '../recording/get-rating.js';
import { lateness, limitOfRating, refuseLate } from '../recording/late-limit.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { type Payer, rateSent } from '../recording/rate-use.js';
import { deleteUnpriced, findUnpriced, ratingsOf } from '../recording/rating-store.js';
import { usageKey } from '../recording/usage-key.js';
import { latestRecorded } from '../recording/record-usages.js';
import { reverseIn, windowsOfRating } from '../recording/reverse.js';
import type { KeptUsage, Rating, SentUsage } from '../recording/usage.js';
import { findWindows } from '../recording/window-store.js';
import { coveringOf } from '../wallets/cover.js';
import { findPurses } from '../wallets/purse-store.js';
import { liveOf } from './live.js';

/** A use as it was; the subscription may be named, and stays what it is. */
export type AmendedUsage = Omit<SentUsage, 'target'> & { readonly target: SentUsage['target'] | undefined };

export type Amended = {
  /** What takes the earlier rating back; undefined when there was none, or nothing to put right. */
  readonly reversal: Rating | undefined;
  readonly rating: Rating;
};

/**
 * Puts a use right, in one transaction: what it was rated as is taken back at the running totals of now, and it is rated
 * after that with other facts or at another instant, by the revision of its new instant. A use that waits for a price is
 * rated in place of what waits. Amended again with the same, the same answer; with what it was at first, it is put back.
 *
 * What is recorded later under its id with any of its bodies is a duplicate of the rating that this body has had.
 *
 * Throws ACCOUNT_NOT_FOUND, USAGE_NOT_FOUND, USAGE_CANCELLED, LATE for either instant, and what recording the new one is
 * refused with, NO_PRICE too: then all is as it was.
 */
export function amendUsage(
  usage: AmendedUsage,
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<Amended> {
  const { store, book, queues, clock } = ports;
  return inQueues(queues, [usage.account], async () => {
    signal.throwIfAborted();
    const latest = latestRecorded(clock);
    const at = usage.occurredAt < latest ? usage.occurredAt : latest;
    // An id names no subscription before it is looked up in the transaction, so that it is certain for all of them.
    const own = new Set((await findSubscriptionsOf(store, [usage.account])).map(({ strategy }) => strategy));
    await Promise.all([...own].map((strategy) => awaitCertainty(book, strategy, at, signal)));
    return store.mongo.transaction((session) => amendIn(session, usage, { ...ports, latest }));
  });
}

type AmendPorts = RecordingPorts & { readonly latest: SentUsage['occurredAt'] };

async function amendIn(session: Session, usage: AmendedUsage, ports: AmendPorts): Promise<Amended> {
  const { store } = ports;
  const [at] = await takeTurns(ports, [usage.account], session);
  if (at === undefined) throw accountNotFound(usage.account);
  const ratings = await ratingsOf(store, usage, session);
  const waiting = (await findUnpriced(store, [usage], session)).get(usageKey(usage));
  const live = liveOf(ratings);
  const kept = live ?? waiting;
  if (kept === undefined) throw ratings.length === 0 ? usageNotFound(usage) : cancelled(usage);
  refuseOther(usage, kept);
  if (live?.fingerprint === usage.fingerprint) return { reversal: beforeIn(ratings, live), rating: live };
  const sent: SentUsage = { ...usage, target: { kind: 'subscription', id: kept.subscription } };
  if (waiting !== undefined) await deleteUnpriced(store, [usage], session);
  return rateAnew(session, { at, ratings, live, sent }, ports);
}

type ToAmend = {
  readonly at: AtTurn;
  readonly ratings: readonly Rating[];
  readonly live: Rating | undefined;
  readonly sent: SentUsage;
};

async function rateAnew(
  session: Session,
  { at, ratings, live, sent }: ToAmend,
  { store, book, clock, latest }: AmendPorts,
): Promise<Amended> {
  const now = clock.now();
  await keepUp([at], { store, book }, session);
  const draft = draftOf(sent, { accounts: new Map([[at.account.id, at]]), book, latest });
  const [inTime = draft] = await refuseLate([draft], { store, now }, session);
  const payer = payerOf(inTime);
  const names = [...windowsOf([draft]), ...(live === undefined ? [] : windowsOfRating(live, book))];
  const windows = await findWindows(store, [...new Set(names)], session);
  const purses = await findPurses(store, [at], live === undefined ? [] : [live], session);
  const batch = openBatch(windows, purses, now);
  let reversal: Rating | undefined;
  if (live !== undefined) {
    const subscription = subscriptionIn(at, { account: live.account, id: live.subscription });
    const late = await lateness(limitOfRating(live, subscription, book), { store, now }, session);
    if (late !== undefined) throw late;
    reversal = await reverseIn(batch, live, { book, number: ratings.length + 1, turn: at.turn });
  }
  const number = ratings.length + batch.ratings.length + 1;
  const rating = await rateNumbered(batch, { sent, payer, number });
  await writeBatch(store, batch, session);
  return { reversal, rating };
}

type Numbered = { readonly sent: SentUsage; readonly payer: Payer; readonly number: number };

async function rateNumbered(batch: Batch, { sent, payer, number }: Numbered): Promise<Rating> {
  const totals = totalsOf(batch, ownerOf(payer.subscription), payer.revision.strategy);
  const recorded = { recordedAt: batch.recordedAt, place: batch.ratings.length };
  const { account, usageId } = sent;
  const givenBack = batch.purses.get(account)?.givenBack.get(usageId);
  const covering = coveringOf(batch.purses, payer.subscription, batch.recordedAt, givenBack);
  const { rating, rated, window } = await rateSent(sent, payer, { totals, covering }, recorded);
  const counted = { rating: { ...rating, number }, counters: countedBy(rated.moves), window };
  // It has happened, so that what wallets lack is owed.
  const kept = keepRating(batch, counted, { mayOwe: true });
  takeOver(rated.moves);
  return kept;
}

function payerOf({ found }: Draft): Payer {
  if (found.kind === 'payer') return found;
  throw found.error;
}

/** What an amendment has taken back for this rating. */
function beforeIn(ratings: readonly Rating[], { number }: Rating): Rating | undefined {
  return ratings.find((one) => one.number === number - 1 && one.reverses !== undefined);
}

function refuseOther({ target }: AmendedUsage, { subscription, strategy }: KeptUsage): void {
  const isIts =
    target === undefined ||
    (target.kind === 'subscription' ? target.id === subscription : target.strategy === strategy);
  if (isIts) return;
  const description = `is another one: the use is of ${subscription} on ${strategy} and stays there; cancel it, and record it under another id`;
  throw violationError('INVALID_REQUEST', [{ field: 'usage.subscription', description }]);
}

function cancelled({ account, usageId }: AmendedUsage): RatebookError {
  const message = `"${usageId}" of ${account} was taken back, so there is nothing to put right; record the use under another id.`;
  return new RatebookError('USAGE_CANCELLED', message, { metadata: { account, usage_id: usageId } });
}
