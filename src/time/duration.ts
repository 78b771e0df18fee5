import type { Instant } from './instant.js';
import { Temporal } from './temporal.js';

/**
 * What the clocks of a zone show an ISO 8601 duration later: a month later is the same day of the next month, or its last
 * one where it has no such day.
 */
export function plusDuration(at: Instant, duration: string, zone: string): Instant {
  return new Temporal.ZonedDateTime(at, zone).add(duration).epochNanoseconds;
}
