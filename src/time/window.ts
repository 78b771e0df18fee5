import { HOUR, type Instant, type Span } from './instant.js';
import { Temporal } from './temporal.js';
import { type LocalTime, floorDivide, localTime, offsetAt, startOfDate } from './zone.js';

/** The calendar windows that running totals, subscriptions and invoices go by, in the strategy's time zone. */
export const WINDOWS = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Window = (typeof WINDOWS)[number];

/** The window of the calendar that an instant falls in. Windows of one kind follow each other without gap or overlap. */
export function windowOf(instant: Instant, window: Window, zone: string): Span {
  if (window === 'hour') return hourOf(instant, zone);
  const first = firstDate(localTime(instant, zone), window);
  const span = { start: startOfDate(first, zone), end: startOfDate(nextFirst(first, window), zone) };
  // Where clocks were put back over midnight, a date comes a second time; that piece belongs to the window after it.
  return instant < span.end ? span : windowOf(span.end, window, zone);
}

/** The date on which the window of a local time begins; weeks begin on Monday. */
function firstDate({ date, weekday, month, year }: LocalTime, window: Exclude<Window, 'hour'>): string {
  switch (window) {
    case 'day':
      return date;
    case 'week':
      return Temporal.PlainDate.from(date)
        .subtract({ days: weekday - 1 })
        .toString();
    case 'month':
      return dateOf(year, month);
    case 'quarter':
      return dateOf(year, month - ((month - 1) % 3));
    case 'year':
      return dateOf(year, 1);
  }
}

function nextFirst(first: string, window: Exclude<Window, 'hour'>): string {
  return Temporal.PlainDate.from(first).add(LENGTHS[window]).toString();
}

const LENGTHS = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const;

function dateOf(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
}

/**
 * An hour of the clock on the wall. When clocks change within it, it is cut there: an hour that comes twice is two
 * windows, and one that a half-hour change shortens is a short window.
 */
function hourOf(instant: Instant, zone: string): Span {
  const offset = offsetAt(instant, zone);
  const start = floorDivide(instant + offset, HOUR) * HOUR - offset;
  const end = start + HOUR;
  return {
    start: offsetAt(start, zone) === offset ? start : changeOfClocks(instant, 'previous', zone, start),
    end: offsetAt(end - 1n, zone) === offset ? end : changeOfClocks(instant, 'next', zone, end),
  };
}

/** The last change of clocks up to an instant, or the next one after it. */
function changeOfClocks(
  instant: Instant,
  direction: 'next' | 'previous',
  zone: string,
  otherwise: Instant,
): Instant {
  // `previous` means strictly before.
  const from = direction === 'previous' ? instant + 1n : instant;
  const change = new Temporal.ZonedDateTime(from, zone).getTimeZoneTransition(direction);
  return change === null ? otherwise : change.epochNanoseconds;
}
