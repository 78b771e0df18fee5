import { DAY, type Instant, SECOND } from './instant.js';
import { Temporal } from './temporal.js';

/** The calendar and the clock on the wall of a zone. */
export type LocalTime = {
  /** `2026-01-05` */
  readonly date: string;
  /** `12:00`, seconds cut off */
  readonly time: string;
  readonly hour: number;
  /** 1 Monday – 7 Sunday */
  readonly weekday: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
};

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Whether the IANA database has a zone of this name. An offset such as +08:00 is none: it knows no summer time. */
export function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    new Temporal.ZonedDateTime(0n, name);
    return true;
  } catch {
    return false;
  }
}

/** Seconds in which no zone changes its clocks but at the ends, as far as its offsets are remembered. */
const QUARTER = 900;
const MOST_QUARTERS = 100_000;

/**
 * Offsets in seconds by zone and quarter of an hour, since asking for one takes a hundred times as long as finding it
 * here. The one piece of state in the pure rooms: it only remembers what the zone database says, so no answer depends on it.
 */
const offsets = new Map<string, Map<number, number>>();
let remembered = 0;

/** Nanoseconds that the zone's clocks are ahead of UTC. */
export function offsetAt(instant: Instant, zone: string): bigint {
  return BigInt(offsetOf(instant, secondOf(instant), zone)) * SECOND;
}

/** The same in seconds, of which it is always a whole number. */
function offsetOf(instant: Instant, second: number, zone: string): number {
  const quarter = Math.floor(second / QUARTER);
  const known = offsets.get(zone)?.get(quarter);
  if (known !== undefined) return known;
  const offset = lookUpOffset(instant, zone);
  // Old changes from local mean time fall within a quarter: it is remembered only when both its ends agree.
  const start = BigInt(quarter * QUARTER) * SECOND;
  const end = start + BigInt(QUARTER) * SECOND - 1n;
  const constant = lookUpOffset(start, zone) === offset && lookUpOffset(end, zone) === offset;
  if (constant) remember(zone, quarter, offset);
  return offset;
}

function lookUpOffset(instant: Instant, zone: string): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochNanoseconds(instant).toZonedDateTimeISO(zone);
  return offsetNanoseconds / Number(SECOND);
}

function remember(zone: string, quarter: number, offset: number): void {
  if (remembered >= MOST_QUARTERS) {
    offsets.clear();
    remembered = 0;
  }
  let ofZone = offsets.get(zone);
  if (ofZone === undefined) offsets.set(zone, (ofZone = new Map<number, number>()));
  ofZone.set(quarter, offset);
  remembered++;
}

/** Seconds since 1970, cut off towards the past. */
function secondOf(instant: Instant): number {
  return Number(instant >= 0n ? instant / SECOND : floorDivide(instant, SECOND));
}

/** What the clock and the calendar on the wall of a zone show, as the seconds since they showed 1970-01-01 00:00. */
export type WallClock = number;

export function wallClock(instant: Instant, zone: string): WallClock {
  const second = secondOf(instant);
  return second + offsetOf(instant, second, zone);
}

const DAY_SECONDS = 86_400;

/** 0–23 */
export function hourOf(clock: WallClock): number {
  return Math.floor(secondOfDay(clock) / 3600);
}

/** `12:00`, seconds cut off */
export function timeOf(clock: WallClock): string {
  const minutes = Math.floor(secondOfDay(clock) / 60);
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** 1 Monday – 7 Sunday */
export function weekdayOf(clock: WallClock): number {
  // 1970 began on a Thursday.
  return ((((dayOf(clock) + 3) % 7) + 7) % 7) + 1;
}

/** Days from 1970-01-01 to the date that the calendar shows. */
export function dayOf(clock: WallClock): number {
  return Math.floor(clock / DAY_SECONDS);
}

function secondOfDay(clock: WallClock): number {
  return clock - dayOf(clock) * DAY_SECONDS;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

/** The date on the calendar, with its text: `2026-01-05`. */
export function dateOf(clock: WallClock): Pick<LocalTime, 'date' | 'day' | 'month' | 'year'> {
  // The UTC fields of a Date at that many seconds are the local ones: it is used as a calendar, not as a clock.
  const calendar = new Date(clock * 1000);
  return {
    date: calendar.toISOString().slice(0, 10),
    day: calendar.getUTCDate(),
    month: calendar.getUTCMonth() + 1,
    year: calendar.getUTCFullYear(),
  };
}

export function localTime(instant: Instant, zone: string): LocalTime {
  const clock = wallClock(instant, zone);
  const { date, day, month, year } = dateOf(clock);
  return { date, time: timeOf(clock), hour: hourOf(clock), weekday: weekdayOf(clock), day, month, year };
}

/** The first instant of a date in a zone: midnight, or when clocks skip it the moment after the gap. */
export function startOfDate(date: string, zone: string): Instant {
  const midnight = BigInt(Date.parse(date)) * (SECOND / 1000n);
  const offset = offsetAt(midnight - DAY, zone);
  // Without a change of clocks near by there is nothing to ask the zone database.
  if (offset === offsetAt(midnight + DAY, zone)) return midnight - offset;
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochNanoseconds;
}

/** Towards the past, also before 1970. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
