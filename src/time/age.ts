import { type Instant } from './instant.js';
import { Temporal } from './temporal.js';
import { dayOf, localTime, wallClock } from './zone.js';

/**
 * Calendar days from one instant to another, by the dates in the zone: one more with every local midnight, whatever the
 * hour of `from`. 0 where `to` is earlier.
 */
export function wholeDays(from: Instant, to: Instant, zone: string): number {
  return Math.max(0, dayOf(wallClock(to, zone)) - dayOf(wallClock(from, zone)));
}

/**
 * Whole calendar months from one instant to another, by the dates in the zone. A month is full on the same day of a later
 * month, or on its last day where it has no such day: from 31 January the first is full on 28 (29) February, the second
 * on 31 March. 0 where `to` is earlier.
 */
export function wholeMonths(from: Instant, to: Instant, zone: string): number {
  const [start, end] = [dateIn(from, zone), dateIn(to, zone)];
  const months = (end.year - start.year) * 12 + end.month - start.month;
  const full = Temporal.PlainDate.compare(start.add({ months }), end) <= 0;
  return Math.max(0, full ? months : months - 1);
}

function dateIn(instant: Instant, zone: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(localTime(instant, zone).date);
}
