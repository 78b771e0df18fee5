import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { Temporal } from './temporal.js';

/** A point in time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
export type Instant = bigint;

/** Half open: the start belongs to it, the end does not. */
export type Span = { readonly start: Instant; readonly end: Instant };

const MILLISECOND = 1_000_000n;
export const SECOND = 1_000_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 3600n * SECOND;
export const DAY = 24n * HOUR;

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const WITHOUT_OFFSET = /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;
const DATE = /^(\d{4})-\d{2}-(\d{2})$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

// A day inside the years 0001 and 9999, so that every zone's own date has a year of four digits.
const FIRST = Temporal.Instant.from('0001-01-02T00:00:00Z').epochNanoseconds;
const LAST = Temporal.Instant.from('9999-12-30T23:59:59.999999999Z').epochNanoseconds;

/** Reads an RFC 3339 timestamp of the years 1 to 9999 with its offset and at most 9 fraction digits. */
export function parseInstant(text: string): Parsed<Instant> {
  const [, date, time = '', fraction, sign, hours = '0', minutes = '0'] = RFC_3339.exec(text) ?? [];
  if (date === undefined) return refused(whyNoInstant(text));
  const day = parseDate(date);
  if (!day.ok) return day;
  const ahead = BigInt(Number(hours) * 60 + Number(minutes)) * MINUTE;
  const clock = readUtcClock(date, time, fraction);
  const instant = sign === '-' ? clock + ahead : clock - ahead;
  return isInRange(instant)
    ? parsed(instant)
    : refused(`"${text}" is not within the years 0001 to 9999 in every time zone`);
}

/**
 * The instant at which clocks in UTC show a date of the calendar (`2026-01-05`) and a time (`12:00:00`, with a fraction
 * such as `.5`). Counted with Date, which takes a twentieth of the time that Temporal takes to read a text.
 */
export function readUtcClock(date: string, time: string, fraction = ''): Instant {
  const second = BigInt(Date.parse(`${date}T${time}Z`)) * MILLISECOND;
  return fraction === '' ? second : second + BigInt(fraction.slice(1).padEnd(9, '0'));
}

/** An instant that came as a number: refused outside of the years 1 to 9999. */
export function checkInstant(instant: Instant): Parsed<Instant> {
  if (isInRange(instant)) return parsed(instant);
  return refused(`${instant / SECOND} seconds from 1970 are not within the years 0001 to 9999`);
}

function isInRange(instant: Instant): boolean {
  return instant >= FIRST && instant <= LAST;
}

function whyNoInstant(text: string): string {
  return WITHOUT_OFFSET.test(text)
    ? `${quoted(text)} has no offset from UTC; write it out, as in 2026-01-05T12:00:00+08:00 or …Z`
    : `${quoted(text)} is not a time as RFC 3339 has it, such as 2026-01-05T12:00:00+08:00`;
}

/** RFC 3339 in UTC, without trailing zeros of a fraction: one text for each instant. */
export function formatInstant(instant: Instant): string {
  return Temporal.Instant.fromEpochNanoseconds(instant).toString();
}

/** Reads a date that exists, `2026-01-05`, of the years 1 to 9999. */
export function parseDate(text: string): Parsed<string> {
  const [, year, day] = DATE.exec(text) ?? [];
  if (year === undefined) return refused(`${quoted(text)} is not a date such as 2026-01-05`);
  if (year === '0000') return refused(`${text} is not within the years 0001 to 9999`);
  // Date carries a 30th of February over into March; of a 13th month it makes nothing.
  return new Date(text).getUTCDate() === Number(day)
    ? parsed(text)
    : refused(`${text} is not a date of the calendar`);
}

/** Reads a time of day, `08:30`, from 00:00 to 23:59. */
export function parseTimeOfDay(text: string): Parsed<string> {
  return TIME_OF_DAY.test(text)
    ? parsed(text)
    : refused(`${quoted(text)} is not a time of day such as 08:30`);
}

/** Input as a message shows it: on one line, and not all of a long one. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
