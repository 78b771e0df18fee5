import type { Operand, Price } from '../pricing/price.js';
import { type Window, windowOf } from '../time/window.js';
import type { Instant } from '../time/instant.js';
import type { AppliesTo } from './choose-revision.js';
import type { Cycle } from './prepared.js';
import type { Strategy } from './strategy.js';

/** What of a document may change only where a period begins. Plain texts, which the catalog keeps with each revision. */
export type PeriodTerms = {
  readonly timeZone: string;
  readonly period: Window;
  readonly currency: string;
  readonly prices: readonly PriceTerms[];
};

export type PriceTerms = {
  readonly id: string;
  /** What tells its counters, as far as it is not as `UNLESS_GIVEN` has it. */
  readonly counts: Readonly<Partial<Record<keyof typeof UNLESS_GIVEN, string>>>;
  /** By which periods it falls due, if it does at all. */
  readonly cycle?: Pick<Cycle, 'kind' | 'anchor' | 'bill'>;
};

/** `free` and `maximum`: which counter such a bound goes by; a price without one may be given one at any time. */
const UNLESS_GIVEN = {
  resets: 'period',
  group_by: 'no fact',
  counter: 'one of its own',
  aggregate: 'sum',
  bucket: 'none',
  over: 'none',
  free: undefined,
  maximum: undefined,
} as const;

export function periodTermsOf(strategy: Strategy): PeriodTerms {
  const { timeZone, period, currency, prices, prepared } = strategy;
  const cycles = new Map(
    prepared.cycles.flatMap(({ kind, anchor, bill, prorated, whole, measured }) =>
      [...prorated, ...whole, ...measured].map((id) => [id, { kind, anchor, bill }] as const),
    ),
  );
  return {
    ...{ timeZone, period },
    currency: currency.kind === 'fixed' ? currency.code : `that of ${currency.fact}`,
    prices: [...prices.values()].map((price) => {
      const cycle = cycles.get(price.id);
      return { id: price.id, counts: countsOf(price, period), ...(cycle && { cycle }) };
    }),
  };
}

function countsOf(price: Price<Operand>, period: Window): PriceTerms['counts'] {
  const { id, resets, groupBy, counter, measured, free, maximum } = price;
  const bound = (own: NonNullable<typeof free>['own']) =>
    own === undefined ? "the price's running total" : `the counter ${own.counter} per ${own.per}`;
  return {
    ...(resets !== period && { resets }),
    ...(groupBy.length > 0 && { group_by: groupBy.join(', ') }),
    ...(counter !== id && { counter }),
    ...(measured && measured.aggregate !== 'sum' && { aggregate: measured.aggregate }),
    ...(measured?.bucket && { bucket: measured.bucket }),
    ...(measured?.over && { over: measured.over }),
    ...(free && { free: bound(free.own) }),
    ...(maximum && { maximum: bound(maximum.own) }),
  };
}

/** A term that is another in the next revision, and where it may become so. */
export type TermChange = {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string;
  /** At an instant at which periods of all these kinds begin, by the calendar; none where there is no such instant. */
  readonly windows: readonly Window[];
  /** With the next period of each subscription, whenever that begins. */
  readonly nextPeriod: boolean;
};

/**
 * What has changed between two revisions that follow each other. A price that has come or gone changes nothing else, but one
 * that goes on with the counter of another counts as that one did.
 */
export function termChanges(from: PeriodTerms, to: PeriodTerms): readonly TermChange[] {
  const where = { windows: [from.period], nextPeriod: true };
  const known = new Map(from.prices.map((price) => [price.id, price]));
  const counting = new Map(from.prices.map((price) => [counterOf(price), price]));
  return [
    ...changed(['time_zone'], [from.timeZone, to.timeZone], where),
    ...changed(['period'], [from.period, to.period], where),
    ...changed(['currency'], [from.currency, to.currency], where),
    ...to.prices.flatMap((price) => {
      const before = known.get(price.id);
      const same = before ?? counting.get(counterOf(price));
      if (same === undefined) return [];
      const counts = (before === undefined ? OF_COUNTER : TERMS).flatMap((term) => {
        const texts = [same, price].map((one) => one.counts[term] ?? UNLESS_GIVEN[term]);
        return changed(['prices', price.id, term], texts, where);
      });
      return before === undefined
        ? counts
        : [...counts, ...cycleChanges(price.id, before.cycle, price.cycle)];
    }),
  ];
}

/** What all prices of one counter have in common. */
const OF_COUNTER = ['resets', 'group_by'] as const;

function counterOf({ id, counts }: PriceTerms): string {
  return counts.counter ?? id;
}

const TERMS = Object.keys(UNLESS_GIVEN) as (keyof typeof UNLESS_GIVEN)[];

/**
 * A period is charged by the revision that holds where it begins. Where periods themselves become others, one of the new
 * kind that has begun before is charged by neither, so that only a common start will do, and where subscriptions have
 * periods of their own there is none.
 */
function cycleChanges(id: string, from: PriceTerms['cycle'], to: PriceTerms['cycle']): readonly TermChange[] {
  if (from === undefined || to === undefined) return [];
  const byCalendar = from.anchor === 'calendar' && to.anchor === 'calendar';
  const path = (term: string) => ['prices', id, term];
  const common = { windows: byCalendar ? [from.kind, to.kind] : [], nextPeriod: false };
  const anchor = changed(path('anchor'), [from.anchor, to.anchor], common);
  const period = changed(path('period'), [from.kind, to.kind], common);
  return [
    ...changed(path('bill'), [from.bill, to.bill], {
      windows: byCalendar ? [from.kind] : [],
      nextPeriod: true,
    }),
    ...anchor,
    ...period,
  ];
}

function changed(
  path: readonly string[],
  [from, to]: readonly (string | undefined)[],
  where: Pick<TermChange, 'windows' | 'nextPeriod'>,
): readonly TermChange[] {
  return from === undefined || to === undefined || from === to ? [] : [{ path, from, to, ...where }];
}

/** Whether a revision that takes effect then may make the change. `zone`: of the revision that it follows. */
export function mayChange(
  { windows, nextPeriod }: TermChange,
  { effectiveFrom: at, appliesTo }: { readonly effectiveFrom: Instant; readonly appliesTo: AppliesTo },
  zone: string,
): boolean {
  // A subscription that is new has no period that runs.
  if (appliesTo === 'new_subscriptions') return true;
  if (appliesTo === 'next_period' && nextPeriod) return true;
  return windows.length > 0 && windows.every((kind) => windowOf(at, kind, zone).start === at);
}

/** The first instant from one on at which all of them may be made; undefined when there is none. */
export function nextStart(changes: readonly TermChange[], from: Instant, zone: string): Instant | undefined {
  if (changes.some(({ windows }) => windows.length === 0)) return undefined;
  const kinds = new Set(changes.flatMap(({ windows }) => windows));
  let at = from;
  for (let settled = false; !settled;) {
    settled = true;
    for (const kind of kinds) {
      const { start, end } = windowOf(at, kind, zone);
      if (start === at) continue;
      at = end;
      settled = false;
    }
  }
  return at;
}
