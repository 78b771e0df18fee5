import type { Session } from '../../../platform/mongo/transaction.js';
import type { Operand, Price, Running } from '../../../pricing/price.js';
import { earnedGroup, factsOfGroup, isEarned } from '../../../quote/counters.js';
import type { GivenFacts } from '../../../quote/input.js';
import { windowNameAt } from '../../../quote/totals.js';
import { isZero } from '../../../money/decimal.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { HOUR, type Instant, type Span } from '../../../time/instant.js';
import { WINDOWS, type Window, windowOf } from '../../../time/window.js';
import { type MovedWindow, fromPairs, windowName } from '../recording/window-store.js';
import type { Earned } from '../recording/usage.js';
import type { Store } from '../store.js';
import type { Life } from './life.js';

/** What a price with a minimum has charged one group in a window that has closed. */
export type EarnedInWindow = {
  readonly earned: Earned;
  /** The facts of the group, as far as they were given with the uses. */
  readonly given: GivenFacts;
  readonly span: Span;
};

export type Closing = {
  /** `ACCOUNT/SUBSCRIPTION` */
  readonly owner: string;
  readonly strategy: Strategy;
  readonly period: Span;
  readonly life: Life;
};

/** What these prices have charged in the windows that close with a period, of all groups in which something was used. */
export async function findEarned(
  store: Store,
  ids: readonly string[],
  closing: Closing,
  session: Session,
): Promise<readonly EarnedInWindow[]> {
  const prices = ids.flatMap((id) => closing.strategy.prices.get(id) ?? []);
  const found: EarnedInWindow[] = [];
  for (const kind of new Set(prices.map(({ resets }) => resets))) {
    const windows = isWindow(kind) ? closingWindows(closing, kind) : [];
    const own = prices.filter(({ resets }) => resets === kind);
    for await (const [span, counters] of countersIn(store, closing, windows, session))
      for (const [key, running] of counters)
        found.push(
          ...own.flatMap((price) => earnedBy(price, key, { running, span, strategy: closing.strategy })),
        );
  }
  return found;
}

function isWindow(resets: Price<Operand>['resets']): resets is Window {
  return WINDOWS.some((window) => window === resets);
}

type Named = Span & { readonly name: string };

/** A window closes with the period that its last instant lies in; one that outlasts the subscription, with that. */
function closingWindows({ strategy, period, life }: Closing, kind: Window): readonly Named[] {
  const windows: Named[] = [];
  const { timeZone: zone } = strategy;
  for (let at = period.start; at < period.end && at < life.end;) {
    const { start, end } = windowOf(at, kind, zone);
    const closes = end < life.end ? end : life.end;
    if (closes <= period.end) windows.push({ start, end, name: windowNameAt(kind, start, zone) });
    at = end;
  }
  return windows;
}

/** The counters of windows that follow each other, document by document: groups may have their own. */
async function* countersIn(
  store: Store,
  { owner }: Closing,
  windows: readonly Named[],
  session: Session,
): AsyncGenerator<readonly [Span, ReadonlyMap<string, Running>]> {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return;
  const byName = new Map(windows.map((window) => [windowName(owner, window.name), window]));
  // Instants since 2001 have as many digits as each other; what follows a name begins with a blank.
  const range = { $gte: windowName(owner, first.name), $lt: `${windowName(owner, last.name)}!` };
  const found = store.windows.find({ _id: range }, { session, projection: { counters: 1 } });
  for await (const { _id, counters } of found) {
    const window = byName.get(_id.split(' ', 3).join(' '));
    if (window !== undefined)
      yield [window, fromPairs(counters, (quantity, events) => ({ quantity, events }))];
  }
}

type Counted = { readonly running: Running; readonly span: Span; readonly strategy: Strategy };

function earnedBy(
  price: Price<Operand>,
  key: string,
  { running: { quantity: amount, events }, span, strategy }: Counted,
): readonly EarnedInWindow[] {
  const group = earnedGroup(price, key);
  // What was taken back is as if it had not been used.
  if (group === undefined || isZero(events)) return [];
  const given = [...factsOfGroup(price, group)].filter(([fact]) => strategy.facts.has(fact));
  const facts: GivenFacts = new Map(given.map(([fact, text]) => [fact, { kind: 'text', text }]));
  return [{ earned: { price: price.id, group, amount }, given: facts, span }];
}

/** The start of the first window before an instant in which such a price has counted, by the windows of its document. */
export async function firstEarned(
  store: Store,
  { owner, strategy, before }: Pick<Closing, 'owner' | 'strategy'> & { readonly before: Instant },
  session: Session,
): Promise<Instant | undefined> {
  const ids = strategy.prepared.cycles.flatMap(({ minimums }) => minimums);
  const kinds = new Set(ids.flatMap((id) => strategy.prices.get(id)?.resets ?? []));
  let first: Instant | undefined;
  for (const kind of kinds) {
    if (!isWindow(kind)) continue;
    const range = {
      $gte: windowName(owner, `${kind} `),
      $lt: windowName(owner, windowNameAt(kind, before, strategy.timeZone)),
    };
    const found = await store.windows.findOne(
      { _id: range },
      { session, sort: { _id: 1 }, projection: { _id: 1 } },
    );
    const start = found === null ? undefined : startOf(found._id);
    if (start !== undefined && (first === undefined || start < first)) first = start;
  }
  return first;
}

function startOf(name: string): Instant | undefined {
  const [, , start = ''] = name.split(' ', 3);
  return /^-?\d+$/.test(start) ? BigInt(start) : undefined;
}

/** The longest that a window lasts, clocks put back and all. */
const LONGEST: Readonly<Record<Window, Instant>> = {
  hour: 3n * HOUR,
  day: 48n * HOUR,
  week: 8n * 24n * HOUR,
  month: 32n * 24n * HOUR,
  quarter: 93n * 24n * HOUR,
  year: 367n * 24n * HOUR,
};

/** Instants around the windows in which a price with a minimum has counted: they may have closed before. */
export function instantsOfEarned(moved: ReadonlyMap<string, Pick<MovedWindow, 'counters'>>) {
  return [...moved].flatMap(([name, { counters }]) => {
    if (![...counters.keys()].some(isEarned)) return [];
    const [owner = '', kind] = name.split(' ', 2);
    const [account = '', id = ''] = owner.split('/');
    const start = startOf(name);
    const window = WINDOWS.find((one) => one === kind);
    if (start === undefined || window === undefined) return [];
    return [start, start + LONGEST[window]].map((occurredAt) => ({ account, id, occurredAt }));
  });
}
