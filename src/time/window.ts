import { HOUR, type Instant, type Span } from './instant.js';
import { Temporal } from './temporal.js';
import { floorDivide, localTime, offsetAt, startOfDate } from './zone.js';

/** The calendar windows that running totals, subscriptions and invoices go by, in the strategy's time zone. */
export const WINDOWS = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Window = (typeof WINDOWS)[number];

/** The one found last of each kind and zone: instants that are asked for one after the other mostly share it. */
const latest = new Map<string, Span>();

/** The window of the calendar that an instant falls in. Windows of one kind follow each other without gap or overlap. */
export function windowOf(instant: Instant, window: Window, zone: string): Span {
  const kind = `${window} ${zone}`;
  const last = latest.get(kind);
  if (last !== undefined && last.start <= instant && instant < last.end) return last;
  const span = findWindow(instant, window, zone);
  latest.set(kind, span);
  return span;
}

function findWindow(instant: Instant, window: Window, zone: string): Span {
  if (window === 'hour') return hourOf(instant, zone);
  const first = firstDate(localTime(instant, zone).date, window);
  const next = firstDate(plusDays(first, LONGEST[window]), window);
  const span = { start: startOfDate(first, zone), end: startOfDate(next, zone) };
  // Where clocks were put back over midnight, a date comes a second time; that piece belongs to the window after it.
  return instant < span.end ? span : findWindow(span.end, window, zone);
}

type Dates = Exclude<Window, 'hour'>;

/** Most days that a window has: so many after its first date, the next one has begun and not yet ended. */
const LONGEST: Readonly<Record<Dates, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** The date on which the window of a date begins; weeks begin on Monday. */
function firstDate(date: string, window: Dates): string {
  // Counted from the end of the text, since the year after 9999 has more digits.
  const [year, month] = [date.slice(0, -6), Number(date.slice(-5, -3))];
  switch (window) {
    case 'day':
      return date;
    case 'week':
      return plusDays(date, -((new Date(date).getUTCDay() + 6) % 7));
    case 'month':
      return `${date.slice(0, -2)}01`;
    case 'quarter':
      return `${year}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`;
    case 'year':
      return `${year}-01-01`;
  }
}

/** Days of the calendar have no zone: a Date at midnight UTC counts them ten times as fast as Temporal does. */
function plusDays(date: string, days: number): string {
  const day = new Date(date);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, -'T00:00:00.000Z'.length);
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
export function changeOfClocks(
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
