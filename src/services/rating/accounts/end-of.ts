import { violationError } from '../../../errors/error.js';
import { type Instant, formatInstant } from '../../../time/instant.js';

type Life = { readonly start: Instant | undefined; readonly end: Instant | undefined };

/**
 * When what has this life ends after it was told to end at `wanted`, or without that now: what has ended stays ended
 * since then. Throws INVALID_REQUEST with the field's name unless the end is after the start.
 */
export function endOf(
  field: string,
  { start, end }: Life,
  wanted: Instant | undefined,
  now: Instant,
): Instant {
  const chosen = wanted ?? (end !== undefined && end <= now ? end : now);
  if (start === undefined || chosen > start) return chosen;
  const description = `${formatInstant(chosen)} is not after the start, ${formatInstant(start)}; send a later instant.`;
  throw violationError('INVALID_REQUEST', [{ field, description }]);
}
