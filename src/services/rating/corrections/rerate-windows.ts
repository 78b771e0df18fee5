import { RatebookError } from '../../../errors/error.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { type Window, windowOf } from '../../../time/window.js';
import { filledFacts, inputOf } from '../recording/rate-use.js';
import { windowsOfRating } from '../recording/reverse.js';
import { namesOfUse } from '../recording/names-of-use.js';
import type { LoadedRevision, RevisionBook } from '../revisions/revision-book.js';
import type { Entry } from './history.js';
import type { How } from './rate-history.js';
import type { OpenSpan } from './rerate-store.js';

/**
 * Whether any revision of the strategy counts in windows that reach out of these periods, so that uses of other periods
 * count beside theirs.
 */
export function straddles(book: RevisionBook, strategy: string, span: OpenSpan): boolean {
  const revisions = book.byStrategy.get(strategy) ?? [];
  return revisions.some((revision) =>
    revision.strategy.prepared.windows.some((kind) => reachesOut(kind, revision.strategy, span)),
  );
}

function reachesOut(
  kind: Window | 'never' | 'account',
  { timeZone }: Strategy,
  { start, end }: OpenSpan,
): boolean {
  if (kind === 'never' || kind === 'account') return start !== undefined || end !== undefined;
  return (
    (start !== undefined && windowOf(start, kind, timeZone).start < start) ||
    (end !== undefined && windowOf(end - 1n, kind, timeZone).end > end)
  );
}

/** Names of all windows and groups that the ratings have counted in or are billed with, or would be anew. */
export function windowsOfHistory(history: readonly Entry[], owner: string, how: How): readonly string[] {
  const names = new Set<string>();
  for (const { rating } of history) {
    const { given, occurredAt: at } = rating;
    for (const name of windowsOfRating(rating, how.book)) names.add(name);
    for (const revision of chosenFor(at, how)) {
      const input = () => inputOf(given, filledFacts('usage', at, { ...how.payer, revision }), at);
      for (const name of namesOfUse({ owner, strategy: revision.strategy, given, at }, input))
        names.add(name);
    }
  }
  return [...names];
}

function chosenFor(at: Entry['rating']['occurredAt'], { revisionFor }: How): readonly LoadedRevision[] {
  try {
    return [revisionFor(at)];
  } catch (error) {
    // A use that has no revision any more counts nowhere anew.
    if (error instanceof RatebookError) return [];
    throw error;
  }
}
