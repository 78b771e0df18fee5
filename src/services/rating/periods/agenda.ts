import type { Cycle } from '../../../strategy/prepared.js';
import type { Instant, Span } from '../../../time/instant.js';
import { type Anchoring, periodAround } from '../../../time/periods.js';
import { type Life, NEVER } from './life.js';
import type { PeriodDocument } from './period-store.js';

/** Which periods, and whether they are charged before or after. */
export type CycleName = Pick<Cycle, 'kind' | 'anchor' | 'bill'>;

/** A period to look at, with what is known from when it was looked at before. */
export type Entry = {
  readonly id: string;
  readonly cycle: CycleName;
  readonly period: Span;
  readonly known: PeriodDocument | undefined;
};

export type ToPlan = {
  /** `ACCOUNT/SUBSCRIPTION` */
  readonly owner: string;
  readonly cycles: readonly CycleName[];
  readonly life: Life;
  /** A revision may begin with another zone than the one before. */
  readonly zoneAt: (at: Instant) => string;
  /** All that ended before is settled; undefined: nothing is. */
  readonly from: Instant | undefined;
  readonly upTo: Instant;
  readonly known: ReadonlyMap<string, PeriodDocument>;
};

/** All periods that have begun and are not settled, and those before that are to be looked at again. */
export function agendaOf(to: ToPlan): readonly Entry[] {
  const { owner, cycles, known } = to;
  const entries = new Map<string, Entry>();
  // Most revisions have the same.
  const distinct = new Map(cycles.map((cycle) => [`${cycleText(cycle)} ${cycle.bill}`, cycle]));
  for (const { kind, anchor, bill } of distinct.values())
    for (const period of periodsOf({ kind, anchor, bill }, to)) {
      const cycle = { kind, anchor, bill };
      const id = `${owner} ${cycleText(cycle)} ${period.start} ${bill}`;
      entries.set(id, { id, cycle, period, known: known.get(id) });
    }
  for (const [id, one] of known) {
    const period = { start: one.start, end: one.end };
    if (!entries.has(id)) entries.set(id, { id, cycle: one, period, known: one });
  }
  return [...entries.values()];
}

/**
 * One period after the other. What was charged keeps its bounds; where the next zone begins its periods at another
 * instant, the one that is over for the most part is not begun a second time.
 */
function periodsOf(cycle: CycleName, { life, zoneAt, from, upTo, known }: ToPlan): readonly Span[] {
  const { start, end } = openSpan(life, from, upTo);
  const charges = [...known.values()]
    .filter((one) => one.bill === cycle.bill && cycleText(one) === cycleText(cycle))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const periods: Span[] = [];
  let next = 0;
  for (let at = start; at < end;) {
    while ((charges[next]?.end ?? NEVER) <= at) next++;
    const one = charges[next];
    const charged = one !== undefined && one.start <= at ? one : undefined;
    const period = charged ?? periodAround(at, cycle.kind, anchoringOf(cycle.anchor, life, zoneAt(at)));
    const isOver = charged === undefined && at > start && at - period.start > period.end - at;
    if (!isOver) periods.push({ start: period.start, end: period.end });
    at = period.end;
  }
  return periods;
}

/** What of a life is not over since before `from`: the last period of one that has ended may end later than itself. */
export function openSpan({ start, end }: Life, from: Instant | undefined, upTo: Instant): Span {
  const last = end - 1n;
  const open = from !== undefined && from > start ? from : start;
  return { start: open > last && last >= start ? last : open, end: upTo < last ? upTo + 1n : end };
}

/** `month`, or `own month` where it goes by the subscription's anchor: two may begin at one instant and end apart. */
export function cycleText({ kind, anchor }: CycleName): string {
  return anchor === 'subscription' ? `own ${kind}` : kind;
}

export function anchoringOf(anchor: Cycle['anchor'], { anchor: own }: Life, zone: string): Anchoring {
  return anchor === 'subscription' ? { zone, anchor: own } : { zone };
}

/** The next instant after `upTo` at which something may fall due; undefined when nothing does any more. */
export function nextDue(
  { cycles, life, zoneAt, upTo }: Pick<ToPlan, 'cycles' | 'life' | 'zoneAt' | 'upTo'>,
  changes: readonly Instant[],
): Instant | undefined {
  const at = upTo > life.start ? upTo : life.start;
  const ends = cycles.flatMap(({ kind, anchor }) => {
    const { start, end } = periodAround(at, kind, anchoringOf(anchor, life, zoneAt(at)));
    return start < life.end ? [end] : [];
  });
  const later = [life.start, life.chargedFrom, ...changes, ...ends].filter((instant) => instant > upTo);
  return later.length === 0 ? undefined : later.reduce((a, b) => (a < b ? a : b));
}
