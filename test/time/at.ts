import assert from 'node:assert/strict';
import { type Instant, type Span, formatInstant, parseInstant } from '../../src/time/instant.js';

/** The instant of a text that is known to be one. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  assert.ok(instant.ok, text);
  return instant.value;
}

export function span(start: string, end: string): Span {
  return { start: at(start), end: at(end) };
}

export function show({ start, end }: Span): string {
  return `${formatInstant(start)} – ${formatInstant(end)}`;
}
