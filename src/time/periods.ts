import type { Instant, Span } from './instant.js';
import { Temporal } from './temporal.js';
import { type Window, windowOf } from './window.js';

/** Where the periods of something begin: with the calendar's, or at an instant of its own and so on from there. */
export type Anchoring = { readonly zone: string; readonly anchor?: Instant | undefined };

/**
 * The period that an instant falls in. Periods with an anchor begin on its day and at its time on the clocks of the zone;
 * in a month without such a day on its last one, and after it on the day itself again. They follow each other without gap
 * or overlap, before the anchor too.
 */
export function periodAround(instant: Instant, kind: Window, { zone, anchor }: Anchoring): Span {
  if (anchor === undefined) return windowOf(instant, kind, zone);
  const first = new Temporal.ZonedDateTime(anchor, zone);
  const startOf = (index: number) => startAfter(first, kind, index);
  // What is left after whole units may be one period more or less, where clocks change or months are short.
  let index = wholeBetween(first, new Temporal.ZonedDateTime(instant, zone), kind);
  while (startOf(index) > instant) index--;
  while (startOf(index + 1) <= instant) index++;
  return { start: startOf(index), end: startOf(index + 1) };
}

const UNITS = {
  hour: ['hours', 1],
  day: ['days', 1],
  week: ['days', 7],
  month: ['months', 1],
  quarter: ['months', 3],
  year: ['months', 12],
} as const;

/**
 * Counted from the anchor itself, so that a short month does not move those after it, and none at all is the anchor, also
 * where clocks show its time twice. An hour is one of elapsed time, whatever clocks do meanwhile.
 */
function startAfter(first: Temporal.ZonedDateTime, kind: Window, index: number): Instant {
  const [unit, times] = UNITS[kind];
  return first.add({ [unit]: index * times }).epochNanoseconds;
}

function wholeBetween(first: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, kind: Window): number {
  const [unit, times] = UNITS[kind];
  const passed = first.toPlainDateTime().until(to.toPlainDateTime(), { largestUnit: unit });
  return Math.floor(passed[unit] / times);
}

/** The periods that overlap a span, in their order; one that lies before it or begins at its end is none. */
export function periodsWithin({ start, end }: Span, kind: Window, anchoring: Anchoring): readonly Span[] {
  const periods: Span[] = [];
  for (let at = start; at < end;) {
    const period = periodAround(at, kind, anchoring);
    periods.push(period);
    at = period.end;
  }
  return periods;
}

/** What two spans have in common; undefined when that is nothing. */
export function overlap(a: Span, b: Span): Span | undefined {
  const start = a.start > b.start ? a.start : b.start;
  const end = a.end < b.end ? a.end : b.end;
  return start < end ? { start, end } : undefined;
}
