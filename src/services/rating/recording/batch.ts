import { setImmediate as whenSent } from 'node:timers/promises';
import type { Session } from '../../../platform/mongo/transaction.js';
import { groupOfKey } from '../../../quote/counters.js';
import { type StoredCounter } from '../../../quote/stored-totals.js';
import { type Totals, countTogether, inZone, nameOfAccount, restoreTotals } from '../../../quote/totals.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import type { SubscriptionName } from '../accounts/account.js';
import { insertEvents } from '../events/event-store.js';
import type { RatingEvent } from '../events/event.js';
import { type Purses, writePurses } from '../wallets/purse-store.js';
import { type Settling, settle } from '../wallets/settle.js';
import type { Store } from '../store.js';
import { instantsOfEarned } from '../periods/earned.js';
import { reopenPeriods } from '../periods/period-store.js';
import { addRating } from './line-sums.js';
import { insertRatings, insertUnpriced } from './rating-store.js';
import type { Rating, UnpricedUsage } from './usage.js';
import {
  type MovedBill,
  type MovedWindow,
  type StoredWindows,
  countedFor,
  groupName,
  windowName,
  writeWindows,
} from './window-store.js';

/**
 * All that one transaction is to store of ratings, while it is worked out: whatever rates, takes back or corrects goes
 * through here, so that counters and the sums of the bill move with every rating.
 */
export type Batch = {
  readonly recordedAt: Instant;
  /** What there was before. */
  readonly found: StoredWindows;
  /** By subscription, and by account and strategy those of the first that counts something for all. */
  readonly totals: Map<string, Totals>;
  readonly ratings: Rating[];
  readonly unpriced: UnpricedUsage[];
  readonly moved: Map<string, MovedWindow>;
  readonly events: RatingEvent[];
  /** What prepaid usage is paid from. */
  readonly purses: Purses;
  readonly ahead: Ahead;
};

/** Ratings that are on their way into the database while those after them are worked out. */
type Ahead = { sent: number; arrived: Promise<void> };

export function openBatch(found: StoredWindows, purses: Purses, recordedAt: Instant): Batch {
  return {
    recordedAt,
    found,
    totals: new Map(),
    ratings: [],
    unpriced: [],
    moved: new Map(),
    events: [],
    purses,
    ahead: { sent: 0, arrived: Promise.resolve() },
  };
}

/** The running totals of a subscription as they stand in this batch. */
export function totalsOf({ totals, found }: Batch, owner: string, strategy: Strategy): Totals {
  const open = totals.get(owner) ?? restoreTotals(strategy, countedFor(found, owner));
  const own = inZone(open, strategy);
  totals.set(owner, own);
  if (strategy.prepared.windows.includes('account')) shareWithAccount(totals, owner, own);
  return own;
}

/** One subscription of the account must see at once what another one has counted for both. */
function shareWithAccount(totals: Batch['totals'], owner: string, own: Totals): void {
  const name = windowName(owner, nameOfAccount(own.strategy));
  const first = totals.get(name);
  if (first === undefined) totals.set(name, own);
  else countTogether(own, first);
}

/** What the counters and sums of a subscription are stored under. */
export function ownerOf({ account, id }: SubscriptionName): string {
  return `${account}/${id}`;
}

/** A rating that is to be stored, and where it left the counters. */
export type Counted = {
  readonly rating: Rating;
  readonly counters: readonly StoredCounter[];
  /** The window that it is billed with. */
  readonly window: string;
};

/**
 * Takes a rating in, paid from wallets where its subscription is prepaid, and returns it as it is to be stored. Throws
 * BALANCE_TOO_LOW, and then nothing has changed.
 */
export function keepRating(batch: Batch, counted: Counted, settling: Settling = { mayOwe: true }): Rating {
  const { counters, window } = counted;
  const rating = settle(batch.purses, counted.rating, settling);
  const owner = ownerOf({ account: rating.account, id: rating.subscription });
  batch.ratings.push(rating);
  moveCounters(batch, owner, counters);
  const bill = billOf(batch, owner, window, rating);
  addRating(bill.sums, batch.found.windows.get(windowName(owner, window))?.sums, rating);
  bill.ratings += 1;
  bill.unbilled += 1;
  return rating;
}

/** Sets counters of a subscription to where they stand now. */
export function moveCounters(batch: Batch, owner: string, counters: readonly StoredCounter[]): void {
  for (const { window, key, quantity, events } of counters) {
    const group = groupOfKey(key);
    if (group !== undefined) refuseUnasked(batch, groupName(owner, { window, group }));
    movedWindow(batch, windowName(owner, window)).counters.set(key, { quantity, events });
  }
}

function movedWindow(batch: Batch, name: string): MovedWindow {
  const known = batch.moved.get(name);
  if (known !== undefined) return known;
  refuseUnasked(batch, name);
  const moved: MovedWindow = { counters: new Map(), billed: undefined };
  batch.moved.set(name, moved);
  return moved;
}

/** What was not looked up would be taken for zero, and what stands there be lost. */
function refuseUnasked({ found }: Batch, name: string): void {
  if (!found.asked.has(name)) throw new Error(`${name} was moved and had not been read`);
}

function billOf(batch: Batch, owner: string, window: string, { period, dueAt }: Rating): MovedBill {
  const name = windowName(owner, window);
  const moved = movedWindow(batch, name);
  const { ratings = 0, unbilled = 0 } = batch.found.windows.get(name) ?? {};
  moved.billed ??= { owner, period, dueAt, sums: new Map(), ratings, unbilled };
  return moved.billed;
}

/** So many ratings are sent together: the database takes them in about the time in which as many are worked out. */
const SENT_TOGETHER = 125;

/** Sends what has been rated ahead of the rest once it is worth it, so that the database works meanwhile too. */
export async function sendAhead(store: Store, { ratings, ahead }: Batch, session: Session): Promise<void> {
  if (ratings.length - ahead.sent < SENT_TOGETHER) return;
  // A transaction takes one command after the other.
  await ahead.arrived;
  ahead.arrived = insertRatings(store, ratings.slice(ahead.sent), session);
  ahead.sent = ratings.length;
  // Whoever waits for it next is told; until then nobody does.
  ahead.arrived.catch(() => undefined);
  await whenSent();
}

/** Stores it all; the windows must be those that were found in the same session. */
export async function writeBatch(
  store: Store,
  { ratings, unpriced, moved, found, events, purses, recordedAt, ahead }: Batch,
  session: Session,
): Promise<void> {
  await ahead.arrived;
  await insertRatings(store, ratings.slice(ahead.sent), session);
  await insertUnpriced(store, unpriced, session);
  await writeWindows(store, moved, found, session);
  const measured = ratings.filter(({ lines }) => lines.some(({ kind }) => kind === 'measured'));
  const late = measured.map(({ account, subscription: id, occurredAt }) => ({ account, id, occurredAt }));
  await reopenPeriods(store, [...late, ...instantsOfEarned(moved)], session);
  const told = await writePurses(store, purses, recordedAt, session);
  await insertEvents(store, [...events, ...told], session);
}
