import { RatebookError } from '../../../errors/error.js';
import { windowsOfUse } from '../../../quote/pieces/course.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { type Window, windowOf } from '../../../time/window.js';
import { revisionOfRating } from '../recording/recompute.js';
import type { RevisionBook } from '../revisions/revision-book.js';
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

function reachesOut(kind: Window | 'never', { timeZone }: Strategy, { start, end }: OpenSpan): boolean {
  if (kind === 'never') return start !== undefined || end !== undefined;
  return (
    (start !== undefined && windowOf(start, kind, timeZone).start < start) ||
    (end !== undefined && windowOf(end - 1n, kind, timeZone).end > end)
  );
}

/** Every window that the ratings have counted in or are billed with, or would be anew. */
export function windowsOfHistory(history: readonly Entry[], owner: string, how: How): readonly string[] {
  const names = new Set<string>();
  for (const { rating } of history)
    for (const strategy of [
      revisionOfRating(rating, how.book).strategy,
      ...chosenFor(rating.occurredAt, how),
    ])
      for (const name of windowsOfUse(strategy, rating.given, rating.occurredAt))
        names.add(`${owner} ${name}`);
  return [...names];
}

function chosenFor(at: Entry['rating']['occurredAt'], { revisionFor }: How): readonly Strategy[] {
  try {
    return [revisionFor(at).strategy];
  } catch (error) {
    // A use that has no revision any more counts nowhere anew.
    if (error instanceof RatebookError) return [];
    throw error;
  }
}
