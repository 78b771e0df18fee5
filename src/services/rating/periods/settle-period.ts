import { RatebookError } from '../../../errors/error.js';
import type { Totals } from '../../../quote/totals.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import { type Batch, keepRating, ownerOf, totalsOf } from '../recording/batch.js';
import { exactNegative } from '../recording/exact-negative.js';
import { UNPRICED_PERIOD_REASONS, type Rating, type UnpricedUsage } from '../recording/usage.js';
import type { LoadedRevision, RevisionBook } from '../revisions/revision-book.js';
import { countChange, limitedIn, without } from './times.js';
import { type Place, type Wanted, rateWanted } from './wanted.js';

/** A period whose ratings are not those that are wanted. */
export type ToSettle = {
  readonly at: AtTurn;
  readonly subscription: Subscription;
  readonly revision: LoadedRevision;
  readonly book: RevisionBook;
  readonly usageId: string;
  readonly wanted: readonly Wanted[];
  /** All that was rated of it, in order. */
  readonly ratings: readonly Rating[];
};

/** What one period adds to the batch: a rating, or one that takes another back. */
type Kept = { readonly rating: Rating; readonly reversed?: Rating };

/**
 * Records the difference between what is charged of a period and what is wanted: takes back what is wanted no longer and
 * rates what is missing. What cannot be rated is returned, to wait until it can.
 */
export async function settlePeriod(batch: Batch, to: ToSettle): Promise<UnpricedUsage | undefined> {
  const { stay, go, missing } = compare(to);
  const totals = totalsOf(batch, ownerOf(to.subscription), to.revision.strategy);
  const before = limitedIn([...stay, ...go], to.book);
  // Running totals are read and not moved: each piece costs what its own facts come to.
  const counted = without(totals, before);
  const kept: Kept[] = [];
  const nextPlace = (): Place => ({
    usageId: to.usageId,
    number: to.ratings.length + kept.length + 1,
    turn: to.at.turn,
    place: batch.ratings.length + kept.length,
    recordedAt: batch.recordedAt,
  });
  for (const one of go) kept.push(takingBack(one, nextPlace()));
  const fresh: Rating[] = [];
  let waiting: UnpricedUsage | undefined;
  for (const one of missing) {
    const rated = await rateOrRefuse(one, to, { totals: counted, place: nextPlace() });
    if (rated.kind === 'waiting') waiting = rated.usage;
    if (rated.kind !== 'rated') continue;
    fresh.push(rated.rating);
    kept.push({ rating: rated.rating });
  }
  keepAll(batch, kept, countChange(totals, before, limitedIn([...stay, ...fresh], to.book)));
  return waiting;
}

/** Of what is charged now, what is to stay and what is to go; and what is wanted beside. */
function compare({ wanted, ratings }: ToSettle) {
  const missing = [...wanted];
  const reversed = new Set(ratings.map(({ reverses }) => reverses));
  const [stay, go]: [Rating[], Rating[]] = [[], []];
  for (const rating of ratings) {
    if (rating.reverses !== undefined || reversed.has(rating.number)) continue;
    const found = missing.findIndex(({ fingerprint }) => fingerprint === rating.fingerprint);
    if (found >= 0) missing.splice(found, 1);
    (found >= 0 ? stay : go).push(rating);
  }
  return { stay, go, missing };
}

function takingBack(rating: Rating, place: Place): Kept {
  const reversal: Rating = {
    ...rating,
    ...exactNegative(rating),
    ...place,
    reverses: rating.number,
    isExact: true,
    settlements: [],
  };
  return { rating: reversal, reversed: rating };
}

type Rated =
  | { readonly kind: 'rated'; readonly rating: Rating }
  | { readonly kind: 'nothing_due' }
  | { readonly kind: 'waiting'; readonly usage: UnpricedUsage };

type Start = { readonly totals: Totals; readonly place: Place };

async function rateOrRefuse(one: Wanted, to: ToSettle, start: Start): Promise<Rated> {
  const { at, subscription } = to;
  try {
    const rating = await rateWanted(one, { account: at.account, subscription }, start);
    return rating === undefined ? { kind: 'nothing_due' } : { kind: 'rated', rating };
  } catch (error) {
    return { kind: 'waiting', usage: waitingFor(error, one, { subscription, place: start.place }) };
  }
}

type Waits = { readonly subscription: Subscription; readonly place: Omit<Place, 'number'> };

/** What waits since it was refused with this error; throws the error where waiting does not help. */
export function waitingFor(
  error: unknown,
  { piece, given, fingerprint }: Wanted,
  { subscription: { account, id, strategy }, place: { usageId, turn, place, recordedAt } }: Waits,
): UnpricedUsage {
  if (!(error instanceof RatebookError)) throw error;
  const { reason: told, message } = error;
  const reason = UNPRICED_PERIOD_REASONS.find((one) => one === told);
  if (reason === undefined) throw error;
  const kept = {
    account,
    usageId,
    subscription: id,
    strategy,
    occurredAt: piece.at,
    recordedAt,
    turn,
    place,
  };
  return { ...kept, fingerprint, given, reason, message };
}

function keepAll(batch: Batch, kept: readonly Kept[], moved: ReturnType<typeof countChange>): void {
  kept.forEach(({ rating, reversed }, i) => {
    const counters = i === kept.length - 1 ? moved : [];
    const window = rating.part?.window ?? '';
    // What falls due is owed where the wallets have not enough.
    keepRating(batch, { rating, counters, window }, { mayOwe: true, reversed });
  });
}
