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
  /** Those in which something was counted or asked for, by kind and start. Most quotes are of one use and need none. */
  windows: Map<string, OpenWindow> | undefined;
  /** The one found last of each kind: uses that follow each other mostly share it. */
  readonly latest: Map<WindowKind, OpenWindow>;
  /** Instant of the first use that tells one. */
  first: Instant | undefined;
};

/** What was counted in one window, by the key of the counter. */
type OpenWindow = { readonly span: Span | undefined; readonly counted: Map<string, Running> };
type WindowKind = Window | 'only';

/** As much as is known of a counter. */
export type Known = Partial<Running>;

export function openTotals(strategy: Strategy, input: QuoteInput): Totals {
  const { given, violations } = givenTotals(strategy, input);
  return {
    timeZone: strategy.timeZone,
    given,
    violations,
    windows: undefined,
    latest: new Map(),
    first: undefined,
  };
}

/** The same totals to go on from in another way; the two do not see each other's uses. */
export function copyTotals(totals: Totals): Totals {
  const copyOf = ({ span, counted }: OpenWindow) => ({ span, counted: new Map(counted) });
  const windows = totals.windows && new Map([...totals.windows].map(([key, own]) => [key, copyOf(own)]));
  return { ...totals, windows, latest: new Map() };
}

const UNKNOWN: Known = {};

/** What was counted by earlier uses, or given for the window. */
export function countedBefore(totals: Totals, counter: Counter, at: Instant | undefined): Known {
  const counted = totals.windows && windowAt(totals, counter.resets, at).counted.get(counter.key);
  if (counted !== undefined) return counted;
  return isGivenFor(totals, counter, at)
    ? { quantity: totals.given.get(counter.name), events: totals.given.get(`${counter.name}.events`) }
    : UNKNOWN;
}

/** Whether the instant is in the window for which the given totals stand. */
function isGivenFor(totals: Totals, { resets }: Counter, at: Instant | undefined): boolean {
  if (totals.given.size === 0) return false;
  const first = totals.first ?? at;
  return first === at || windowAt(totals, resets, first) === windowAt(totals, resets, at);
}

/** Remembers where a counter stands after a use. */
export function remember(totals: Totals, counter: Counter, at: Instant | undefined, value: Running): void {
  windowAt(totals, counter.resets, at).counted.set(counter.key, value);
}

/** The window of a counter; without an instant there is only one. */
function windowAt(totals: Totals, resets: Counter['resets'], at: Instant | undefined): OpenWindow {
  const kind = at === undefined || resets === 'never' || resets === 'each' ? 'only' : resets;
  const last = totals.latest.get(kind);
  if (last !== undefined && isWithin(last.span, at)) return last;
  const span = at === undefined || kind === 'only' ? undefined : windowOf(at, kind, totals.timeZone);
  const key = span === undefined ? kind : `${kind} ${span.start}`;
  totals.windows ??= new Map();
  const found = totals.windows.get(key) ?? { span, counted: new Map<string, Running>() };
  totals.windows.set(key, found);
  totals.latest.set(kind, found);
  return found;
}

function isWithin(span: Span | undefined, at: Instant | undefined): boolean {
  return span === undefined || at === undefined || (span.start <= at && at < span.end);
}
