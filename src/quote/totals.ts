import type { Violation } from '../errors/error.js';
import type { Decimal } from '../money/decimal.js';
import type { Running } from '../pricing/price.js';
import { MOST_PIECES } from '../strategy/prepared.js';
import type { Strategy } from '../strategy/strategy.js';
import { windowStarts } from '../time/cuts.js';
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
  /** The id of the strategy. */
  readonly strategy: string;
  readonly timeZone: string;
  /** What was counted before, by window: where one that is opened starts. */
  readonly stored: StoredTotals;
  readonly given: ReadonlyMap<string, Decimal>;
  /** What is wrong with them; told together with the facts of the first use. */
  readonly violations: readonly Violation[];
  /** Those in which something was counted or asked for. Most quotes are of one use and need none. */
  windows: Map<WindowName, OpenWindow> | undefined;
  /** The one found last of each kind: uses that follow each other mostly share it. */
  readonly latest: Map<WindowKind, OpenWindow>;
  /** Instant of the first use that tells one. */
  first: Instant | undefined;
};

/**
 * Kind of a window and the instant it starts at, as in `month 1767225600000000000`; `only` for what never starts again,
 * `@llm-api` for what all subscriptions of an account to that strategy count together. Stored totals go by it, so that it never changes.
 */
export type WindowName = string;

/** What was counted, by window and key of the counter. A window or counter that is not there has counted nothing. */
export type StoredTotals = ReadonlyMap<WindowName, ReadonlyMap<string, Running>>;

/** What was counted in one window, by the key of the counter. */
type OpenWindow = {
  readonly name: WindowName;
  readonly span: Span | undefined;
  readonly counted: Map<string, Running>;
};
type WindowKind = Window | 'only' | 'account';

/** As much as is known of a counter. */
export type Known = Partial<Running>;

export function openTotals(strategy: Strategy, input: QuoteInput): Totals {
  const { given, violations } = givenTotals(strategy, input);
  return {
    strategy: strategy.id,
    timeZone: strategy.timeZone,
    stored: NOTHING_STORED,
    given,
    violations,
    windows: undefined,
    latest: new Map(),
    first: undefined,
  };
}

const NOTHING_STORED: StoredTotals = new Map();

/** Totals to go on from where stored ones stand. What is stored does not change with them. */
export function restoreTotals({ id, timeZone }: Strategy, stored: StoredTotals): Totals {
  return {
    strategy: id,
    timeZone,
    stored,
    given: new Map(),
    violations: [],
    windows: new Map(),
    latest: new Map(),
    first: undefined,
  };
}

/** The same totals, with windows of the strategy's zone from here on: a later revision may have another one. */
export function inZone(totals: Totals, { timeZone }: Strategy): Totals {
  return totals.timeZone === timeZone ? totals : { ...totals, timeZone, latest: new Map() };
}

/** The same totals to go on from in another way; the two do not see each other's uses. */
export function copyTotals(totals: Totals): Totals {
  const copyOf = ({ name, span, counted }: OpenWindow) => ({ name, span, counted: new Map(counted) });
  const windows = totals.windows && new Map([...totals.windows].map(([key, own]) => [key, copyOf(own)]));
  return { ...totals, windows, latest: new Map() };
}

const UNKNOWN: Known = {};

/** What was counted by earlier uses, or given for the window; `start` is when the use began of which `at` is a piece. */
export function countedBefore(
  totals: Totals,
  counter: Counter,
  at: Instant | undefined,
  start: Instant | undefined,
): Known {
  const counted = totals.windows && windowAt(totals, counter.resets, at).counted.get(counter.key);
  if (counted !== undefined) return counted;
  return isGivenFor(totals, counter, at, start)
    ? { quantity: totals.given.get(counter.name), events: totals.given.get(`${counter.name}.events`) }
    : UNKNOWN;
}

/** Whether the instant is in the window for which the given totals stand. */
function isGivenFor(
  totals: Totals,
  { resets }: Counter,
  at: Instant | undefined,
  start: Instant | undefined,
): boolean {
  if (totals.given.size === 0) return false;
  const first = totals.first ?? start;
  return first === at || windowAt(totals, resets, first) === windowAt(totals, resets, at);
}

/** Remembers where a counter stands after a use. */
export function remember(totals: Totals, counter: Counter, at: Instant | undefined, value: Running): void {
  windowAt(totals, counter.resets, at).counted.set(counter.key, value);
}

/** The windows that a use from `at` to `end` may count in or is billed with. */
export function windowNames(
  { id, prepared, timeZone }: Strategy,
  at: Instant,
  end: Instant = at,
): readonly WindowName[] {
  return prepared.windows.flatMap((kind) => {
    if (kind === 'account') return [nameOfAccount(id)];
    if (kind === 'never' || end === at) return [windowNameAt(kind, at, timeZone)];
    const later = windowStarts({ start: at, end }, kind, timeZone, MOST_PIECES);
    return [at, ...later].map((start) => windowNameAt(kind, start, timeZone));
  });
}

/** The name of the window of a kind that an instant lies in. */
export function windowNameAt(kind: Window | 'never', at: Instant, timeZone: string): WindowName {
  return kind === 'never' ? nameOf('only', undefined) : nameOf(kind, windowOf(at, kind, timeZone));
}

/** The usage period that an instant lies in, under the name that its window has. */
export function periodAt(
  totals: Totals,
  period: Window,
  at: Instant,
): { readonly name: WindowName; readonly span: Span } {
  const { name, span } = windowAt(totals, period, at);
  return { name, span: span ?? windowOf(at, period, totals.timeZone) };
}

/** The name of the window that a use at the instant is billed with. */
export function billedWindow({ period, timeZone }: Strategy, at: Instant): WindowName {
  return nameOf(period, windowOf(at, period, timeZone));
}

/** What all subscriptions of an account to a strategy count in together; no other window is called so. */
export function nameOfAccount(strategy: string): WindowName {
  return `@${strategy}`;
}

/** Whether a window is that of all subscriptions of an account to its strategy. */
export function isAccountWindow(window: WindowName): boolean {
  return window.startsWith('@');
}

/** Has the totals of two subscriptions of an account to one strategy count in one window what they count together. */
export function countTogether(totals: Totals, other: Totals): void {
  const shared = windowAt(other, 'account', undefined);
  totals.windows ??= new Map();
  totals.windows.set(shared.name, shared);
}

function nameOf(kind: WindowKind, span: Span | undefined): WindowName {
  return span === undefined ? kind : `${kind} ${span.start}`;
}

/** The name of the window in which a counter counts at the instant. */
export function windowNameOf(totals: Totals, counter: Counter, at: Instant | undefined): WindowName {
  return windowAt(totals, counter.resets, at).name;
}

/** The window of a counter; without an instant there is only one. */
function windowAt(totals: Totals, resets: Counter['resets'], at: Instant | undefined): OpenWindow {
  const kind = windowKind(resets, at);
  const last = totals.latest.get(kind);
  if (last !== undefined && isWithin(last.span, at)) return last;
  const isOne = at === undefined || kind === 'only' || kind === 'account';
  const span = isOne ? undefined : windowOf(at, kind, totals.timeZone);
  const name = kind === 'account' ? nameOfAccount(totals.strategy) : nameOf(kind, span);
  totals.windows ??= new Map();
  const found = totals.windows.get(name) ?? { name, span, counted: new Map(totals.stored.get(name)) };
  totals.windows.set(name, found);
  totals.latest.set(kind, found);
  return found;
}

function windowKind(resets: Counter['resets'], at: Instant | undefined): WindowKind {
  if (resets === 'account') return resets;
  return at === undefined || resets === 'never' || resets === 'each' ? 'only' : resets;
}

function isWithin(span: Span | undefined, at: Instant | undefined): boolean {
  return span === undefined || at === undefined || (span.start <= at && at < span.end);
}
