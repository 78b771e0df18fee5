import type { RatebookError } from '../../../errors/error.js';
import type { Instant } from '../../../time/instant.js';
import type { RatingEvent } from './event.js';

/** What a refused use was sent under. */
export type RefusedUse = {
  readonly account: string;
  /** That it was sent with; a use that is only reserved for has none. */
  readonly usageId?: string | undefined;
  /** The hold that was to pay for it. */
  readonly holdId?: string | undefined;
};

/** What is not stored is told all the same, to whoever watches the account. */
export function rejectedEvent(
  { account, usageId, holdId }: RefusedUse,
  { reason, message }: RatebookError,
  at: Instant,
): RatingEvent {
  const ids = {
    ...(usageId !== undefined && { usage_id: usageId }),
    ...(holdId !== undefined && { hold_id: holdId }),
  };
  return { type: 'ratebook.usage.rejected', account, at, data: { ...ids, reason, message } };
}
