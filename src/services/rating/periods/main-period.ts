import { RatebookError } from '../../../errors/error.js';
import { mainAnchor } from '../../../strategy/cycles.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import { periodAround } from '../../../time/periods.js';
import type { Account, Subscription } from '../accounts/account.js';
import type { LoadedRevision, RevisionBook } from '../revisions/revision-book.js';
import { type CycleName, anchoringOf } from './agenda.js';
import { lifeOf } from './life.js';

/** The newest that is in effect, or the first that will be; time zone and periods are those of all. */
export function strategyAt(revisions: readonly LoadedRevision[], at: Instant): Strategy | undefined {
  const known = revisions.filter(({ head }) => !head.withdrawn);
  const byStart = known.toSorted(({ head: a }, { head: b }) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  return (byStart.findLast(({ head }) => head.effectiveFrom <= at) ?? byStart[0])?.strategy;
}

/** The periods that a subscription is billed by: the document's, by its own anchor where prices go by that. */
export function mainCycle({ period: kind, prepared }: Strategy): CycleName {
  return { kind, anchor: mainAnchor(prepared.cycles, kind), bill: 'arrears' };
}

/**
 * The end of the period of a subscription that an instant lies in. Throws STRATEGY_NOT_FOUND while nobody knows its
 * periods.
 */
export function endOfPeriod(
  book: RevisionBook,
  { account, subscription }: { readonly account: Account; readonly subscription: Subscription },
  at: Instant,
): Instant {
  const { strategy: id } = subscription;
  const strategy = strategyAt(book.byStrategy.get(id) ?? [], at);
  if (strategy === undefined)
    throw new RatebookError(
      'STRATEGY_NOT_FOUND',
      `The periods of ${id} are not known, since nothing is published; publish it first, or send an instant.`,
    );
  const { kind, anchor } = mainCycle(strategy);
  return periodAround(at, kind, anchoringOf(anchor, lifeOf(account, subscription), strategy.timeZone)).end;
}
