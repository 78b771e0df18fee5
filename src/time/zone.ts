import { DAY, HOUR, type Instant, SECOND } from './instant.js';
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

const QUARTER = HOUR / 4n;
const MOST_QUARTERS = 100_000;

/**
 * Offsets by zone and quarter of an hour, since asking for one takes a hundred times as long as finding it here. The one
 * piece of state in the pure rooms: it only remembers what the zone database says, so no answer depends on it.
 */
const offsets = new Map<string, Map<bigint, bigint>>();
let remembered = 0;

/** Nanoseconds that the zone's clocks are ahead of UTC. */
export function offsetAt(instant: Instant, zone: string): bigint {
  const quarter = floorDivide(instant, QUARTER);
  const known = offsets.get(zone)?.get(quarter);
  if (known !== undefined) return known;
  const offset = lookUpOffset(instant, zone);
  // Old changes from local mean time fall within a quarter: it is remembered only when both its ends agree.
  const constant =
    lookUpOffset(quarter * QUARTER, zone) === offset &&
    lookUpOffset((quarter + 1n) * QUARTER - 1n, zone) === offset;
  if (constant) remember(zone, quarter, offset);
  return offset;
}

function lookUpOffset(instant: Instant, zone: string): bigint {
  return BigInt(Temporal.Instant.fromEpochNanoseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds);
}

function remember(zone: string, quarter: bigint, offset: bigint): void {
  if (remembered >= MOST_QUARTERS) {
    offsets.clear();
    remembered = 0;
  }
  let ofZone = offsets.get(zone);
  if (ofZone === undefined) offsets.set(zone, (ofZone = new Map<bigint, bigint>()));
  ofZone.set(quarter, offset);
  remembered++;
}

export function localTime(instant: Instant, zone: string): LocalTime {
  const local = instant + offsetAt(instant, zone);
  // The UTC fields of a Date at that many milliseconds are the local ones: it is used as a calendar, not as a clock.
  const calendar = new Date(Number(floorDivide(local, 1_000_000n)));
  const text = calendar.toISOString();
  return {
    date: text.slice(0, 10),
    time: text.slice(11, 16),
    hour: calendar.getUTCHours(),
    weekday: calendar.getUTCDay() || 7,
    day: calendar.getUTCDate(),
    month: calendar.getUTCMonth() + 1,
    year: calendar.getUTCFullYear(),
  };
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
