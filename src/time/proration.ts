import { type Decimal, decimal } from '../money/decimal.js';
import { type Fraction, fraction } from '../money/fraction.js';
import type { Span } from './instant.js';
import { wholeDays } from './age.js';

/** Calendar days of a span in the zone. Half open: the day it starts on counts, the day it ends on does not. */
export function daysOf(span: Span, zone: string): number {
  return wholeDays(span.start, span.end, zone);
}

/**
 * What share of a whole period a part of it is. By `days` the parts of a period that was cut anywhere add up to 1, and a
 * period shorter than a day is shared by time. By `seconds` the change of clocks counts: a day may have 23 hours.
 */
export function shareOf(part: Span, whole: Span, by: 'days' | 'seconds', zone: string): Fraction {
  const days = daysOf(whole, zone);
  if (by === 'days' && days > 0) return fraction(decimal(daysOf(part, zone)), decimal(days));
  return fraction(lengthOf(part), lengthOf(whole));
}

function lengthOf({ start, end }: Span): Decimal {
  return decimal(end - start);
}
