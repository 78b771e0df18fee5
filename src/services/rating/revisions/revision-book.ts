import { RatebookError } from '../../../errors/error.js';
import { type Pin, type RevisionHead, byEffect, chooseRevision } from '../../../strategy/choose-revision.js';
import type { Engine } from '../../../strategy/engine/matcher.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { type Instant, formatInstant } from '../../../time/instant.js';

/** A revision ready to price with. */
export type LoadedRevision = {
  readonly head: RevisionHead;
  readonly contentHash: string;
  readonly strategy: Strategy;
  readonly engine: Engine;
};

/** A revision that the catalog has told and whose document is being read. */
export type LoadingRevision = { readonly strategy: string; readonly head: RevisionHead };

/**
 * What a rating process knows of the catalog: every revision, ready to price with or about to be, and the instant up to
 * which nothing new will become effective any more. It only ever grows, so a process goes on with it while the catalog is away.
 */
export type RevisionBook = {
  /** In the order in which they take effect. */
  readonly byStrategy: Map<string, readonly LoadedRevision[]>;
  readonly loading: Set<LoadingRevision>;
  /** Undefined until the catalog has spoken once. Covers what is loading too. */
  watermark: Instant | undefined;
  /** The newest revision for the past that is ready to price with, by the number of its news; 0 for none. */
  backdated: bigint;
  /** Where to resume the watch from. */
  cursor: string;
  /** When the catalog was last heard, in milliseconds of the process's own clock. It speaks every second. */
  heardAt: number;
  /** How often it was heard. */
  heard: number;
  /** Wakes those who wait for a change: a piece of news, or a revision that is loaded. */
  readonly waiting: Set<() => void>;
};

export function emptyBook(): RevisionBook {
  return {
    byStrategy: new Map(),
    loading: new Set(),
    watermark: undefined,
    backdated: 0n,
    cursor: '',
    heardAt: -Infinity,
    heard: 0,
    waiting: new Set(),
  };
}

/** After so long a silence the catalog, or its database, is taken to be away. */
const SILENCE_MS = 3_000;

export function isAway(book: RevisionBook): boolean {
  return performance.now() - book.heardAt > SILENCE_MS;
}

/** Which revision is asked for: a strategy's at an instant, or one pinned by its number. */
export type RevisionQuery = {
  readonly strategy: string;
  readonly number?: number;
  readonly at: Instant | undefined;
};

/** Takes in a new or changed revision. */
export function enter(book: RevisionBook, revision: LoadedRevision): void {
  const { id } = revision.strategy;
  const others = (book.byStrategy.get(id) ?? []).filter(({ head }) => head.number !== revision.head.number);
  book.byStrategy.set(
    id,
    [...others, revision].toSorted((a, b) => byEffect(a.head, b.head)),
  );
}

/** Whether a revision is about to come that may be the one asked for. */
export function isLoading(book: RevisionBook, { strategy, number, at }: RevisionQuery): boolean {
  for (const { strategy: told, head } of book.loading) {
    if (told !== strategy) continue;
    if (number === undefined ? at === undefined || head.effectiveFrom <= at : head.number === number)
      return true;
  }
  return false;
}

/** Resolves at the next change of the book, or when the signal aborts. */
export function nextChange(book: RevisionBook, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const proceed = () => {
      book.waiting.delete(proceed);
      signal.removeEventListener('abort', proceed);
      resolve();
    };
    book.waiting.add(proceed);
    signal.addEventListener('abort', proceed);
  });
}

export function wake(book: RevisionBook): void {
  for (const waiter of [...book.waiting]) waiter();
}

export function knows(book: RevisionBook, { strategy, number }: RevisionQuery): boolean {
  const revisions = book.byStrategy.get(strategy);
  return (
    revisions !== undefined && (number === undefined || revisions.some(({ head }) => head.number === number))
  );
}

/** The revision that prices the query. Throws STRATEGY_NOT_FOUND, REVISION_NOT_FOUND or INVALID_REQUEST. */
export function findRevision(book: RevisionBook, { strategy, number, at }: RevisionQuery): LoadedRevision {
  const revisions = book.byStrategy.get(strategy);
  if (revisions === undefined)
    throw new RatebookError('STRATEGY_NOT_FOUND', `There is no strategy ${strategy}; publish it first.`);
  if (number !== undefined) {
    const pinned = revisions.find(({ head }) => head.number === number && !head.withdrawn);
    if (pinned !== undefined) return pinned;
    throw new RatebookError(
      'REVISION_NOT_FOUND',
      `${strategy} has no revision ${number} that is not withdrawn.`,
    );
  }
  if (at === undefined) {
    const description =
      'is missing; it chooses the revision, unless the strategy names one: strategies/ID/revisions/N';
    throw new RatebookError('INVALID_REQUEST', `occurred_at ${description}.`, {
      violations: [{ field: 'usages[0].occurred_at', description }],
    });
  }
  const chosen = chooseAmong(revisions, { kind: 'follow' }, at);
  if (chosen === undefined) {
    throw new RatebookError(
      'REVISION_NOT_FOUND',
      `No revision of ${strategy} was in effect at ${formatInstant(at)}; the first one starts later.`,
    );
  }
  return chosen;
}

/**
 * A revision that something stored names: it is there, so that a book without it is behind, as in a process that has just
 * been started. Throws UNAVAILABLE then.
 */
export function storedRevision(book: RevisionBook, strategy: string, number: number): LoadedRevision {
  const found = book.byStrategy.get(strategy)?.find(({ head }) => head.number === number);
  if (found !== undefined) return found;
  const message = `Revision ${number} of ${strategy} has priced this, and is not known here yet; try again shortly.`;
  throw new RatebookError('UNAVAILABLE', message, { retryAfterMs: 1_000 });
}

/** The revision of a strategy that prices a use of a subscription; undefined when none was in effect for it. */
export function findRevisionFor(
  book: RevisionBook,
  strategy: string,
  pin: Pin,
  at: Instant,
): LoadedRevision | undefined {
  return chooseAmong(book.byStrategy.get(strategy) ?? [], pin, at);
}

function chooseAmong(
  revisions: readonly LoadedRevision[],
  pin: Pin,
  at: Instant,
): LoadedRevision | undefined {
  const head = chooseRevision(
    revisions.map((revision) => revision.head),
    pin,
    at,
  );
  return revisions.find((revision) => revision.head === head);
}
