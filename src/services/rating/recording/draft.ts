import { RatebookError, violationError } from '../../../errors/error.js';
import type { Moment } from '../../../strategy/strategy.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import { ownerOf } from './batch.js';
import { revisionOf } from './choose-revision.js';
import { findPayer } from './find-payer.js';
import { type Payer, filledFacts, inputOf } from './rate-use.js';
import type { SentUsage } from './usage.js';
import { namesOfUse } from './names-of-use.js';

/** A use with all that it is rated by, as far as it can be. */
export type Draft = {
  readonly usage: SentUsage;
  readonly found:
    | (Payer & { readonly kind: 'payer' })
    | (Pick<Payer, 'subscription' | 'turn'> & { readonly kind: 'no_revision'; readonly error: RatebookError })
    | { readonly kind: 'refused'; readonly error: RatebookError };
};

export type DraftedFrom = {
  readonly accounts: ReadonlyMap<string, AtTurn>;
  readonly book: RevisionBook;
  /** The latest instant that is recorded. */
  readonly latest: Instant;
};

export function draftOf(usage: SentUsage, { accounts, book, latest }: DraftedFrom): Draft {
  const found = attempt(() => {
    if (usage.occurredAt > latest) throw future(usage.occurredAt);
    return findPayer(usage, accounts);
  });
  if (found instanceof RatebookError) return { usage, found: { kind: 'refused', error: found } };
  const revision = attempt(() => revisionOf(book, found.subscription, usage.occurredAt));
  if (revision instanceof RatebookError) {
    const { subscription, turn } = found;
    return { usage, found: { kind: 'no_revision', subscription, turn, error: revision } };
  }
  return { usage, found: { kind: 'payer', ...found, revision } };
}

/** Names of all windows and groups that these uses may read, count in or be billed with, each once. */
export function windowsOf(drafts: readonly Draft[], moment: Moment = 'usage'): readonly string[] {
  const names = new Set<string>();
  for (const { usage, found } of drafts) {
    if (found.kind !== 'payer') continue;
    const { given, occurredAt: at } = usage;
    const counting = { owner: ownerOf(found.subscription), strategy: found.revision.strategy, given, at };
    const input = () => inputOf(given, filledFacts(moment, at, found), at, moment);
    for (const name of namesOfUse(counting, input)) names.add(name);
  }
  return [...names];
}

function attempt<T>(work: () => T): T | RatebookError {
  try {
    return work();
  } catch (error) {
    if (error instanceof RatebookError) return error;
    throw error;
  }
}

function future(at: Instant): RatebookError {
  const description = `${formatInstant(at)} lies in the future; usage is recorded once it has happened`;
  return violationError('INVALID_REQUEST', [{ field: 'occurred_at', description }]);
}
