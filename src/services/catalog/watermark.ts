import { SECOND, type Instant } from '../../time/instant.js';
import type { CatalogPorts } from './ports.js';
import { raiseWatermark, readHead, type Head } from './store.js';

/*
 * The watermark T says: whoever has all the news up to `head.sequence` knows every revision that will ever be in effect
 * at or before T, but for those that are marked as backdated. It is true because `head` is one document in which both
 * numbers stand, and every change is a write to it, so that all changes and raises of the watermark have one order:
 *
 * - A change that comes before the raise to T has committed by then, since MongoDB lets no other write at a document
 *   that an open transaction has written. Its news is counted in the `sequence` that the raise returns.
 * - A change that comes after it reads a watermark of at least T in the same write. It gives its revision an effective
 *   time above that, marks it as backdated, or, for a withdrawal of a revision at or below it, is refused.
 *
 * No clock is needed for this: one that is wrong makes the watermark late or early, never false. It runs ahead of the
 * present, so that usage which happens now is priced without waiting for the next watermark; the delay after which a
 * revision takes effect by default is longer by what it takes to publish.
 */

/** How far the watermark runs ahead of the clock. */
const WATERMARK_LEAD: Instant = 3n * SECOND;

/** When a revision takes effect unless its publisher says otherwise, from the moment of publishing. */
const EFFECTIVE_DELAY: Instant = 5n * SECOND;

/** One write in this time, however many watch. */
const ENOUGH: Instant = SECOND / 2n;

const MILLISECOND: Instant = SECOND / 1_000n;

/** The head with a watermark that is at most half a second behind where it may be. */
export async function currentHead({ store, clock }: Pick<CatalogPorts, 'store' | 'clock'>): Promise<Head> {
  const head = await readHead(store);
  const goal = clock.now() + WATERMARK_LEAD;
  return head.watermark + ENOUGH >= goal ? head : raiseWatermark(store, goal);
}

/** The last instant at or before which nothing may take effect any more without being called backdated. */
export function settledUntil(head: Head, now: Instant): Instant {
  return head.watermark > now ? head.watermark : now;
}

/** When a revision published now takes effect unless told otherwise. Above the watermark, even if another clock is ahead. */
export function defaultEffectiveFrom(head: Head, now: Instant): Instant {
  const usual = now + EFFECTIVE_DELAY;
  return usual > head.watermark ? usual : head.watermark + MILLISECOND;
}
