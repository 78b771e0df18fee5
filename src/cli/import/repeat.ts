import { setTimeout } from 'node:timers/promises';
import type { Reason } from '../../errors/catalogue.js';
import { RatebookError } from '../../errors/error.js';

/** What may pass: the service or its database is away for a moment, or the answer is not known. */
const PASSING: readonly Reason[] = ['UNAVAILABLE', 'CONFLICT', 'DEADLINE_EXCEEDED'];

/** Calls at most, the first one included: enough for a service that is started anew. */
const MOST_CALLS = 8;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

/**
 * Calls again while the answer is that the service is away, after the delay that it names or else twice the one before.
 * For calls that are safe to repeat. Rejects with the last answer when it does not come back.
 */
export async function repeatWhileAway<T>(
  call: () => Promise<T>,
  pause: (ms: number) => Promise<unknown> = (ms) => setTimeout(ms),
): Promise<T> {
  for (let calls = 1; ; calls++) {
    try {
      return await call();
    } catch (error) {
      if (calls === MOST_CALLS || !(error instanceof RatebookError) || !PASSING.includes(error.reason))
        throw error;
      await pause(error.retryAfterMs ?? Math.min(FIRST_DELAY_MS * 2 ** (calls - 1), LONGEST_DELAY_MS));
    }
  }
}
