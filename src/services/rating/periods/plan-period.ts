import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Cycle } from '../../../strategy/prepared.js';
import type { Instant } from '../../../time/instant.js';
import { formatInstant } from '../../../time/instant.js';
import type { Account, Subscription } from '../accounts/account.js';
import { ownerOf } from '../recording/batch.js';
import { pinnedAt, revisionOf } from '../recording/choose-revision.js';
import { OWN_USAGE } from '../recording/usage.js';
import { isCertain } from '../revisions/await-watermark.js';
import { type LoadedRevision, type RevisionBook, storedRevision } from '../revisions/revision-book.js';
import type { Store } from '../store.js';
import { type Entry, cycleText } from './agenda.js';
import { findEarned } from './earned.js';
import { type Life, cutsOf } from './life.js';
import { findShares } from './measured.js';
import { type Piece, type ToCut, grantingPiece, measuredPiece, minimumsPiece, piecesOf } from './pieces.js';
import { type Wanted, hashOf, wantedOf } from './wanted.js';

/** Whose periods are planned, and up to where. */
export type Planning = {
  readonly account: Account;
  readonly subscription: Subscription;
  readonly life: Life;
  readonly upTo: Instant;
  readonly now: Instant;
  readonly book: RevisionBook;
};

/** What is to be charged of a period, but for what was measured in it. */
export type Plan = {
  readonly entry: Entry;
  readonly revision: LoadedRevision;
  /** The one that the subscription stays on, if any. */
  readonly pin: number | undefined;
  readonly cycle: Cycle;
  readonly wanted: readonly Wanted[];
  readonly measured: Piece | undefined;
  /** What is topped up to a minimum. */
  readonly minimums: Piece | undefined;
  /** What the rules are asked by what the period gives. */
  readonly granting: Wanted | undefined;
  /** Tells whether any of it is another than before. */
  readonly outline: string;
};

/** Undefined where nothing of the period is charged yet, or by none of its prices. */
export function planOf(entry: Entry, planning: Planning): Plan | undefined {
  const { account, subscription, life, upTo } = planning;
  const { period } = entry;
  const pin = pinnedAt(subscription, decidingInstant(entry, life));
  const revision = revisionFor(entry, pin, planning);
  if (revision === undefined) return undefined;
  const { prepared, facts } = revision.strategy;
  const cycle = prepared.cycles.find((one) => isSame(one, entry.cycle)) ?? nothingOf(entry.cycle);
  const cuts = cutsOf(subscription, (fact) => facts.has(fact));
  const toCut: ToCut = { cycle, period, life, cuts, upTo };
  const charged = { account, subscription, revision, period };
  const wanted = piecesOf(toCut).map((piece) => wantedOf(charged, piece));
  const measured = measuredPiece(toCut);
  const minimums = minimumsPiece(toCut);
  const gives = grantingPiece(toCut);
  const granting = gives && wantedOf(charged, gives);
  const outline = hashOf([
    wanted.map(({ fingerprint }) => fingerprint),
    [measured, minimums].map((piece) => piece && wantedOf(charged, piece).fingerprint),
    granting?.fingerprint,
  ]);
  const isEmpty = wanted.length === 0 && (measured ?? minimums ?? granting) === undefined;
  if (entry.known === undefined && isEmpty) return undefined;
  return { entry, revision, pin, cycle, wanted, measured, minimums, granting, outline };
}

/** Which revision charges a period is decided, in advance, by the first moment that is served, else by the last. */
export function decidingInstant({ cycle: { bill }, period }: Entry, { chargedFrom, end }: Life): Instant {
  if (bill === 'advance') return period.start > chargedFrom ? period.start : chargedFrom;
  return (period.end < end ? period.end : end) - 1n;
}

/**
 * What a period was charged by first goes on charging it: what is published for the past leaves it alone, and only a pin
 * of the subscription itself does not.
 */
export function revisionFor(
  entry: Entry,
  pin: number | undefined,
  { subscription, life, book, upTo, now }: Planning,
): LoadedRevision | undefined {
  const { known, period } = entry;
  const { strategy } = subscription;
  if (known !== undefined && known.pin === pin) return storedRevision(book, strategy, known.revision);
  const at = decidingInstant(entry, life);
  if (at > upTo) return undefined;
  // What lies ahead is only rehearsed, by what is known now.
  if (at <= now && !isCertain(book, { strategy, at })) throw uncertain(strategy, at);
  try {
    return revisionOf(book, subscription, at, period.start);
  } catch (error) {
    // Before the first revision there was nothing to charge for.
    if (error instanceof RatebookError && error.reason === 'REVISION_NOT_FOUND') return undefined;
    throw error;
  }
}

/** A revision may charge nothing by periods that another one does. */
function nothingOf(cycle: Entry['cycle']): Cycle {
  return { ...cycle, prorated: [], whole: [], measured: [], minimums: [], grants: false };
}

export function isSame(a: Entry['cycle'], b: Entry['cycle']): boolean {
  return a.kind === b.kind && a.anchor === b.anchor && a.bill === b.bill;
}

export function uncertain(strategy: string, at: Instant): RatebookError {
  const message = `Which revision of ${strategy} prices ${formatInstant(at)} is not certain yet; try again shortly.`;
  return new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}

/** What is to be charged of a period, with what was measured in it and what falls short of a minimum. */
export async function wantedOfPlan(
  plan: Plan,
  planning: Planning,
  store: Store,
  session: Session,
): Promise<readonly Wanted[]> {
  const charged = await withMeasured(plan, planning, store, session);
  return [...charged, ...(await minimumsOf(plan, planning, store, session))];
}

async function minimumsOf(
  { entry: { period }, revision, minimums }: Plan,
  { account, subscription, life }: Planning,
  store: Store,
  session: Session,
): Promise<readonly Wanted[]> {
  if (minimums === undefined) return [];
  const closing = { owner: ownerOf(subscription), strategy: revision.strategy, period, life };
  const found = await findEarned(store, minimums.prices, closing, session);
  return found.map(({ earned, given, span }) => {
    const piece = { ...minimums, prices: [earned.price], service: span, served: span };
    return wantedOf({ account, subscription, revision, period }, piece, { earned, given });
  });
}

async function withMeasured(
  { entry: { period }, revision, cycle, wanted, measured }: Plan,
  { account, subscription }: Planning,
  store: Store,
  session: Session,
): Promise<readonly Wanted[]> {
  if (measured === undefined) return wanted;
  const { service } = measured;
  const { strategy } = revision;
  const toMeasure = { subscription, strategy, prices: cycle.measured, period, service };
  const shares = await findShares(store, toMeasure, session);
  const charged = { account, subscription, revision, period };
  const { totals = [] } = shares[0] ?? {};
  return [
    // Rules for other prices may read the totals.
    ...wanted.map(({ piece }) => wantedOf(charged, piece, { totals })),
    ...shares.map(({ prices, span, ...share }) => {
      const isBucket = span !== period;
      const served = isBucket ? span : service;
      const piece = { ...measured, prices, service: served, served };
      return wantedOf(charged, piece, share);
    }),
  ];
}

/** What all ratings of a period are stored under. */
export function usageIdOf({ id }: Pick<Subscription, 'id'>, { cycle, period }: Entry): string {
  return `${OWN_USAGE}period:${id}:${cycleText(cycle)} ${formatInstant(period.start)}:${cycle.bill}`;
}
