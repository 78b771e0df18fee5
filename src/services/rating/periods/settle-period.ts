import { RatebookError } from '../../../errors/error.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import { type Batch, keepRating, ownerOf, totalsOf } from '../recording/batch.js';
import { exactNegative } from '../recording/exact-negative.js';
import { UNPRICED_PERIOD_REASONS, type Rating, type UnpricedUsage } from '../recording/usage.js';
import { type Place, type Wanted, rateWanted } from './wanted.js';

/** A period whose ratings are not those that are wanted. */
export type ToSettle = {
  readonly at: AtTurn;
  readonly subscription: Subscription;
  readonly usageId: string;
  readonly wanted: readonly Wanted[];
  /** All that was rated of it, in order. */
  readonly ratings: readonly Rating[];
};

/**
 * Records the difference between what is charged of a period and what is wanted: takes back what is wanted no longer and
 * rates what is missing. What cannot be rated is returned, to wait until it can.
 */
export async function settlePeriod(batch: Batch, to: ToSettle): Promise<UnpricedUsage | undefined> {
  const { wanted, ratings } = to;
  const missing = [...wanted];
  const reversed = new Set(ratings.map(({ reverses }) => reverses));
  const before = batch.ratings.length;
  const nextPlace = (): Place => ({
    usageId: to.usageId,
    number: ratings.length + batch.ratings.length - before + 1,
    turn: to.at.turn,
    place: batch.ratings.length,
    recordedAt: batch.recordedAt,
  });
  for (const rating of ratings) {
    if (rating.reverses !== undefined || reversed.has(rating.number)) continue;
    const found = missing.findIndex(({ fingerprint }) => fingerprint === rating.fingerprint);
    if (found >= 0) missing.splice(found, 1);
    else keep(batch, takenBack(rating, nextPlace()), rating);
  }
  let waiting: UnpricedUsage | undefined;
  for (const one of missing) waiting = (await rateMissing(batch, one, { to, nextPlace })) ?? waiting;
  return waiting;
}

type Placing = { readonly to: ToSettle; readonly nextPlace: () => Place };

async function rateMissing(
  batch: Batch,
  one: Wanted,
  { to, nextPlace }: Placing,
): Promise<UnpricedUsage | undefined> {
  const { at, subscription } = to;
  // Running totals are read and not moved: each piece costs what its own facts come to.
  const totals = totalsOf(batch, ownerOf(subscription), one.revision.strategy);
  const place = nextPlace();
  try {
    const rating = await rateWanted(one, { account: at.account, subscription }, { totals, place });
    if (rating !== undefined) keep(batch, rating);
    return undefined;
  } catch (error) {
    if (error instanceof RatebookError) return unpriced(one, to, { place, error });
    throw error;
  }
}

function takenBack(rating: Rating, place: Place): Rating {
  const { number: reverses } = rating;
  return { ...rating, ...exactNegative(rating), ...place, reverses, isExact: true, settlements: [] };
}

/** A period that has run is due, so what a wallet does not have of it is owed. */
function keep(batch: Batch, rating: Rating, reversed?: Rating): void {
  if (rating.part === undefined) return;
  const counted = { rating, counters: [], window: rating.part.window };
  keepRating(batch, counted, { mayOwe: true, reversed });
}

type Refusal = { readonly place: Place; readonly error: RatebookError };

function unpriced(
  { piece, given, fingerprint }: Wanted,
  { subscription: { account, id, strategy } }: ToSettle,
  { place: { number: _, ...place }, error }: Refusal,
): UnpricedUsage {
  const reason = UNPRICED_PERIOD_REASONS.find((one) => one === error.reason);
  if (reason === undefined) throw error;
  const { message } = error;
  return {
    account,
    subscription: id,
    strategy,
    occurredAt: piece.at,
    ...place,
    fingerprint,
    given,
    reason,
    message,
  };
}
