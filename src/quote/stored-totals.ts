import { type Decimal, ZERO } from '../money/decimal.js';
import type { Running } from '../pricing/price.js';
import type { Counter } from './counters.js';
import type { Instant } from '../time/instant.js';
import { type Moves, type Reads, allMoved } from './moves.js';
import { type Known, type StoredTotals, type WindowName, windowNameOf } from './totals.js';

/** Where one counter stands, as it is kept. */
export type StoredCounter = {
  readonly window: WindowName;
  /** Tells it from all others of the window. */
  readonly key: string;
  readonly quantity: Decimal;
  readonly events: Decimal;
};

/** Where a use has left the counters that it moved: what is to be stored in the place of what they stood at. */
export function countedBy(moves: Moves): readonly StoredCounter[] {
  return allMoved(moves).map(({ counter, to, at }) => stored(moves, { counter, at }, to));
}

/** What a use has read, each counter once. One that had counted nothing is not there: nothing is not the same as zero. */
export function storedReads(moves: Moves, reads: Reads): readonly StoredCounter[] {
  const found = new Map<string, StoredCounter>();
  for (const { counter, found: known, at } of reads) {
    if (known.quantity === undefined && known.events === undefined) continue;
    const one = stored(moves, { counter, at }, known);
    found.set(`${one.window} ${one.key}`, one);
  }
  return [...found.values()];
}

type Standing = { readonly counter: Counter; readonly at: Instant | undefined };

function stored({ totals }: Moves, { counter, at }: Standing, { quantity, events }: Known): StoredCounter {
  const window = windowNameOf(totals, counter, at);
  return { window, key: counter.key, quantity: quantity ?? ZERO, events: events ?? ZERO };
}

/** Counters by their windows, as totals are restored from them. */
export function byWindow(counters: readonly StoredCounter[]): StoredTotals {
  const windows = new Map<WindowName, Map<string, Running>>();
  for (const { window, key, quantity, events } of counters) {
    const own = windows.get(window) ?? new Map<string, Running>();
    windows.set(window, own.set(key, { quantity, events }));
  }
  return windows;
}
