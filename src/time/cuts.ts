import { DAY, type Instant, MINUTE, type Span } from './instant.js';
import { type Window, changeOfClocks, windowOf } from './window.js';
import { floorDivide, offsetAt } from './zone.js';

/** The starts of windows inside a span, its own start not among them; at most so many, the first ones. */
export function windowStarts(span: Span, window: Window, zone: string, most: number): readonly Instant[] {
  const starts: Instant[] = [];
  let { end } = windowOf(span.start, window, zone);
  while (end < span.end && starts.length < most) {
    starts.push(end);
    ({ end } = windowOf(end, window, zone));
  }
  return starts;
}

/**
 * The instants inside a span, its start not among them, at which clocks show one of these minutes of the day, in order,
 * or are changed; at most so many, the first ones.
 */
export function clockCuts(
  span: Span,
  zone: string,
  minutes: readonly number[],
  most: number,
): readonly Instant[] {
  const cuts: Instant[] = [];
  let from = span.start;
  while (from < span.end && cuts.length < most) {
    const to = untilChange({ start: from, end: from + DAY < span.end ? from + DAY : span.end }, zone);
    const offset = offsetAt(from, zone);
    const isChange = to < span.end && offsetAt(to, zone) !== offset;
    for (const at of minutesShown({ start: from, end: to }, offset, minutes)) cuts.push(at);
    // A stretch starts where the last one ended, which no stretch has among its own.
    if (to < span.end && (isChange || shows(to + offset, minutes))) cuts.push(to);
    from = to;
  }
  return cuts.slice(0, most);
}

/** The end of a span of at most a day, or the change of clocks within it: there is no more than one. */
function untilChange({ start, end }: Span, zone: string): Instant {
  return offsetAt(start, zone) === offsetAt(end - 1n, zone) ? end : changeOfClocks(start, 'next', zone, end);
}

function minutesShown({ start, end }: Span, offset: bigint, minutes: readonly number[]): readonly Instant[] {
  const found: Instant[] = [];
  const first = floorDivide(start + offset, DAY) * DAY - offset;
  for (let midnight = first; midnight < end; midnight += DAY)
    for (const minute of minutes) {
      const at = midnight + BigInt(minute) * MINUTE;
      if (at > start && at < end) found.push(at);
    }
  return found;
}

function shows(local: bigint, minutes: readonly number[]): boolean {
  return minutes.some((minute) => (local - BigInt(minute) * MINUTE) % DAY === 0n);
}
