import { givingWay } from '../../../platform/slices.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import { minus, plus } from '../../../money/arithmetic.js';
import { isZero } from '../../../money/decimal.js';
import { type StoredCounter, countedBy } from '../../../quote/stored-totals.js';
import { isAccountWindow } from '../../../quote/totals.js';
import { calculationOf, revisionOfRating } from '../recording/recompute.js';
import type { Position } from '../recording/rating-store.js';
import type { Rating } from '../recording/usage.js';
import { type StoredWindows, countedFor } from '../recording/window-store.js';
import type { RevisionBook } from '../revisions/revision-book.js';

/** One rating that counts, what it takes back, and the place at which its use was counted first. */
export type Entry = {
  readonly rating: Rating;
  /** Of what takes a use back at the totals of its time. */
  readonly original: Rating | undefined;
  readonly position: Position;
};

/**
 * The ratings that count, in the order in which their uses were recorded: without those that an earlier rerating has
 * replaced and what took them back, but with what they were replaced by, at their place.
 */
export function historyOf(ratings: readonly Rating[]): readonly Entry[] {
  const byKey = new Map(ratings.map((rating) => [keyOf(rating, rating.number), rating]));
  const replaced = new Set(
    ratings.flatMap((rating) =>
      rating.isExact && rating.reverses !== undefined ? [keyOf(rating, rating.reverses)] : [],
    ),
  );
  return ratings
    .filter((rating) => !rating.isExact && !replaced.has(keyOf(rating, rating.number)))
    .map((rating) => ({
      rating,
      original: rating.reverses === undefined ? undefined : byKey.get(keyOf(rating, rating.reverses)),
      position: rating.replaces ?? rating,
    }))
    .toSorted((a, b) => a.position.turn - b.position.turn || a.position.place - b.position.place);
}

/** Tells a rating from all others of its account. */
export function keyOf({ usageId }: Pick<Rating, 'usageId'>, number: number): string {
  return `${number} ${usageId}`;
}

export type Counters = ReadonlyMap<string, StoredCounter>;

/** Tells a counter from all others of its subscription. */
export function counterKey({ window, key }: Pick<StoredCounter, 'window' | 'key'>): string {
  return `${window} ${key}`;
}

export type Begun = {
  /** Where the counters stood before the first of the history; what had counted nothing is left out. */
  readonly start: Counters;
  /** All that the history has moved, as it has left it. */
  readonly moved: Counters;
  /** By how much other subscriptions of the account have moved what they count with it, by the rating that met it first. */
  readonly others: ReadonlyMap<Rating, readonly StoredCounter[]>;
};

/**
 * Where the counters stood before a history began: each as the first that read or moved it has found it, and those that
 * none has touched as they stand now. Windows that began with the history or later turn out to be empty.
 */
export async function startOf(
  history: readonly Entry[],
  owner: string,
  now: StoredWindows,
  book: RevisionBook,
): Promise<Begun> {
  const start = new Map<string, StoredCounter>();
  const moved = new Map<string, StoredCounter>();
  const others = new Map<Rating, readonly StoredCounter[]>();
  const touched = new Set<string>();
  const calls = givingWay();
  for (const { rating, original } of history) {
    await calls();
    others.set(rating, movedByOthers(rating, { start, moved }));
    for (const counter of rating.before) {
      const key = counterKey(counter);
      if (!touched.has(key)) start.set(key, counter);
      else if (isAccountWindow(counter.window)) moved.set(key, counter);
      touched.add(key);
    }
    const { engine } = revisionOfRating(rating, book);
    const again = await answerSoon(engine.match, calculationOf(rating, original, book));
    for (const counter of countedBy(again.moves)) {
      touched.add(counterKey(counter));
      moved.set(counterKey(counter), counter);
    }
  }
  for (const counter of countersOf(owner, now))
    if (!touched.has(counterKey(counter))) start.set(counterKey(counter), counter);
  return { start, moved, others };
}

/** Where a rating has not found what the history before it had left, another subscription has counted in between. */
function movedByOthers(
  { before }: Rating,
  { start, moved }: Pick<Begun, 'start' | 'moved'>,
): readonly StoredCounter[] {
  return before.flatMap((counter) => {
    const left = moved.get(counterKey(counter)) ?? start.get(counterKey(counter));
    if (!isAccountWindow(counter.window) || left === undefined) return [];
    const quantity = minus(counter.quantity, left.quantity);
    return isZero(quantity) ? [] : [{ ...counter, quantity, events: minus(counter.events, left.events) }];
  });
}

/**
 * Where counters stand once a history has another end than it had: those that other subscriptions have moved too go on
 * from where they stand now.
 */
export function withOthers(
  ends: Counters,
  { moved }: Begun,
  now: StoredWindows,
  owner: string,
): readonly StoredCounter[] {
  const counted = countedFor(now, owner);
  return [...ends].map(([name, end]) => {
    const before = moved.get(name);
    const stands = counted.get(end.window)?.get(end.key);
    if (!isAccountWindow(end.window) || before === undefined || stands === undefined) return end;
    return {
      ...end,
      quantity: plus(stands.quantity, minus(end.quantity, before.quantity)),
      events: plus(stands.events, minus(end.events, before.events)),
    };
  });
}

function countersOf(owner: string, now: StoredWindows): readonly StoredCounter[] {
  return [...countedFor(now, owner)].flatMap(([window, counters]) =>
    [...counters].map(([key, value]) => ({ window, key, ...value })),
  );
}
