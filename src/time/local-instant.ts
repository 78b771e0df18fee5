import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { DAY, type Instant, checkInstant, parseDate, readUtcClock } from './instant.js';
import { Temporal } from './temporal.js';
import { offsetAt } from './zone.js';

const LOCAL = /^(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?$/;

/** Whether the text is a date and a time of day that does not say how far its clock is from UTC. */
export function isLocal(text: string): boolean {
  return LOCAL.test(text);
}

/** Which instant is meant by a time that clocks showed twice, when they were put back. */
export const FOLDS = ['earlier', 'later', 'reject'] as const;
export type Fold = (typeof FOLDS)[number];

/**
 * Reads what the clocks of a zone showed: `2026-01-05 12:00:00`, at most 9 fraction digits, a blank or a T between. A
 * time that clocks skipped is refused, and so is one that they showed twice unless `fold` says which is meant: to take
 * either would be a guess.
 */
export function parseLocalInstant(text: string, zone: string, fold: Fold = 'reject'): Parsed<Instant> {
  const [, date, time = '', fraction] = LOCAL.exec(text) ?? [];
  if (date === undefined) return refused(`"${text.slice(0, 40)}" is not a time such as 2026-01-05 12:00:00`);
  const day = parseDate(date);
  if (!day.ok) return day;
  const clock = readUtcClock(date, time, fraction);
  // Clocks change at most once in two days, so one of these offsets is right unless the time was skipped.
  const offsets = new Set([offsetAt(clock - DAY, zone), offsetAt(clock + DAY, zone)]);
  const [instant, again] = [...offsets]
    .map((offset) => clock - offset)
    .filter((at) => at + offsetAt(at, zone) === clock)
    .toSorted((a, b) => Number(a - b));
  if (instant === undefined) return refused(`clocks in ${zone} skipped "${text}"`);
  if (again !== undefined && fold === 'reject')
    return refused(`clocks in ${zone} showed "${text}" twice; write its offset`);
  const meant = fold === 'later' ? (again ?? instant) : instant;
  const within = checkInstant(meant);
  return within.ok ? parsed(meant) : within;
}

/** RFC 3339 with the offset that clocks of a zone have then: `2026-01-05T12:00:00+08:00`. */
export function formatLocalInstant(instant: Instant, zone: string): string {
  return new Temporal.ZonedDateTime(instant, zone).toString({ timeZoneName: 'never' });
}
