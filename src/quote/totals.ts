import type { Violation } from '../errors/error.js';
import type { Decimal } from '../money/decimal.js';
import type { Running } from '../pricing/price.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Instant, Span } from '../time/instant.js';
import { type Window, windowOf } from '../time/window.js';
import type { Counter } from './counters.js';
import { givenTotals } from './given-totals.js';
import type { QuoteInput } from './input.js';

/**
 * The running totals of one account while a quote goes through its uses. A counter belongs to a name, a window and a
 * group, not to a revision. Totals that the caller gave stand in for every group of the window of the first use; any
 * other window starts at zero.
 */
export type Totals = {
  readonly timeZone: string;
  readonly given: ReadonlyMap<string, Decimal>;
  /** What is wrong with them; told together with the facts of the first use. */
  readonly violations: readonly Violation[];
  /** What was counted in this quote, by window and counter. Most quotes are of one use and need no map. */
  counted: Map<string, Running> | undefined;
  /** The window found last, of each kind: uses that follow each other mostly share it. */
  windows: Map<Window, OpenWindow> | undefined;
  /** Instant of the first use that tells one. */
  first: Instant | undefined;
};

type OpenWindow = Span & { readonly key: string };

/** As much as is known of a counter. */
export type Known = Partial<Running>;

export function openTotals(strategy: Strategy, input: QuoteInput): Totals {
  const { given, violations } = givenTotals(strategy, input);
  return {
    timeZone: strategy.timeZone,
    given,
    violations,
    counted: undefined,
    windows: undefined,
    first: undefined,
  };
}

/** The same totals to go on from in another way; the two do not see each other's uses. */
export function copyTotals(totals: Totals): Totals {
  const { counted, windows } = totals;
  return { ...totals, counted: counted && new Map(counted), windows: windows && new Map(windows) };
}

const UNKNOWN: Known = {};

/** What was counted by earlier uses, or given for the window. */
export function countedBefore(totals: Totals, counter: Counter, at: Instant | undefined): Known {
  const counted = totals.counted?.get(keyOf(totals, counter, at));
  if (counted !== undefined) return counted;
  return isGivenFor(totals, counter, at)
    ? { quantity: totals.given.get(counter.name), events: totals.given.get(`${counter.name}.events`) }
    : UNKNOWN;
}

/** Whether the instant is in the window for which the given totals stand. */
function isGivenFor(totals: Totals, { resets }: Counter, at: Instant | undefined): boolean {
  if (totals.given.size === 0) return false;
  const first = totals.first ?? at;
  return first === at || windowKey(totals, resets, first) === windowKey(totals, resets, at);
}

/** Remembers where a counter stands after a use. */
export function remember(totals: Totals, counter: Counter, at: Instant | undefined, value: Running): void {
  totals.counted ??= new Map();
  totals.counted.set(keyOf(totals, counter, at), value);
}

function keyOf(totals: Totals, { key, resets }: Counter, at: Instant | undefined): string {
  return `${windowKey(totals, resets, at)} ${key}`;
}

/** Start of the counter's window; without an instant there is only one window. */
function windowKey(totals: Totals, resets: Counter['resets'], at: Instant | undefined): string {
  if (at === undefined || resets === 'never' || resets === 'each') return '';
  const last = totals.windows?.get(resets);
  if (last !== undefined && last.start <= at && at < last.end) return last.key;
  const span = windowOf(at, resets, totals.timeZone);
  const key = span.start.toString();
  totals.windows ??= new Map();
  totals.windows.set(resets, { start: span.start, end: span.end, key });
  return key;
}
