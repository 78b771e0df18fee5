import { RatebookError } from '../../../errors/error.js';
import type { Pin, RevisionHead } from '../../../strategy/choose-revision.js';
import type { Instant, Span } from '../../../time/instant.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { windowOf } from '../../../time/window.js';
import type { Subscription } from '../accounts/account.js';
import { awaitNews, awaitWatermark } from '../revisions/await-watermark.js';
import {
  type LoadedRevision,
  type RevisionBook,
  findRevision,
  findRevisionFor,
} from '../revisions/revision-book.js';

/**
 * Waits until it is certain which revision of a strategy prices every instant up to this one. What is stored must not
 * depend on which process has rated it, so that, other than a quote, recording never goes on with the last good revisions.
 * Throws UNAVAILABLE.
 */
export async function awaitCertainty(
  book: RevisionBook,
  strategy: string,
  at: Instant,
  signal: AbortSignal,
): Promise<void> {
  const { provisional } = await awaitWatermark(book, { strategy, at }, signal);
  // What was published for the past a moment ago may still be on its way.
  if (!provisional) return awaitNews(book, { strategy, at }, signal);
  const message =
    'The catalog is away, so the revision in effect is not certain and nothing was recorded; send it again.';
  throw new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}

/** Subscriptions since ever were there before every revision. */
const EVER: Instant = -(10n ** 30n);

/** The number of the revision that a subscription stays on at an instant; undefined: it follows what is published. */
export function pinnedAt(
  { revision, pins }: Pick<Subscription, 'revision' | 'pins'>,
  at: Instant,
): number | undefined {
  // The sort is stable: of two from one instant the one made later counts.
  const begun = pins
    .filter(({ from }) => from <= at)
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const last = begun.at(-1);
  return last === undefined ? revision : last.revision;
}

/**
 * The revision that prices a subscription at an instant. `periodStart` is the start of the period that is charged; for a
 * use, of the calendar period that it falls in. Throws REVISION_NOT_FOUND when none was in effect for it.
 */
export function revisionOf(
  book: RevisionBook,
  subscription: Subscription,
  at: Instant,
  periodStart?: Instant,
): LoadedRevision {
  const { strategy } = subscription;
  const revision = pinnedAt(subscription, at);
  const found =
    revision === undefined
      ? following(book, subscription, at, periodStart)
      : findRevisionFor(book, strategy, { kind: 'revision', number: revision }, at);
  if (found !== undefined) return found;
  const which = revision === undefined ? 'No revision' : `Revision ${revision}`;
  const was = revision === undefined ? 'was' : 'was not';
  throw new RatebookError(
    'REVISION_NOT_FOUND',
    `${which} of ${strategy} ${was} in effect for ${subscription.account}/${subscription.id} at the instant of the use; publish one.`,
  );
}

/** Whose period and zone hold at an instant: those of all revisions of then, and before the first one its own. */
export function calendarOf(book: RevisionBook, strategy: string, at: Instant): Strategy | undefined {
  const [first] = book.byStrategy.get(strategy) ?? [];
  return (findRevisionFor(book, strategy, { kind: 'follow' }, at) ?? first)?.strategy;
}

/** The usage period of a strategy that an instant lies in. Throws STRATEGY_NOT_FOUND. */
export function periodOf(book: RevisionBook, strategy: string, at: Instant): Span {
  const found = calendarOf(book, strategy, at);
  if (found !== undefined) return windowOf(at, found.period, found.timeZone);
  const message = `${strategy} has no revision yet, and so no periods; publish one.`;
  throw new RatebookError('STRATEGY_NOT_FOUND', message);
}

function following(
  book: RevisionBook,
  { strategy, startsAt = EVER }: Subscription,
  at: Instant,
  periodStart?: Instant,
): LoadedRevision | undefined {
  const pin: Pin = {
    kind: 'subscription',
    startedAt: startsAt,
    periodStart: (by) => {
      const start = periodStart ?? usagePeriod(book, strategy, by, at).start;
      return start > startsAt ? start : startsAt;
    },
  };
  return findRevisionFor(book, strategy, pin, at);
}

/** The period around an instant, as one revision has it. */
function usagePeriod(book: RevisionBook, strategy: string, { number }: RevisionHead, at: Instant): Span {
  const { period, timeZone } = findRevision(book, { strategy, number, at }).strategy;
  return windowOf(at, period, timeZone);
}
