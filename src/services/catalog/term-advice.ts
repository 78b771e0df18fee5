import type { Fault } from '../../strategy/fault.js';
import { type PeriodTerms, type TermChange, nextStart, termChanges } from '../../strategy/period-terms.js';
import { faultAt, pathText, spanAt } from '../../strategy/source/place.js';
import type { TreeSource } from '../../strategy/source/read-source.js';
import type { Instant } from '../../time/instant.js';
import { formatLocalInstant } from '../../time/local-instant.js';

/** What a document would follow if it were published. */
export type Follows = {
  readonly number: number;
  readonly terms: PeriodTerms;
  /** When it could take effect at the earliest. */
  readonly from: Instant;
};

/** Warns, at their places, of all that a document may not change within a period. */
export function termWarnings({ lines, root }: TreeSource, terms: PeriodTerms, follows: Follows): Fault[] {
  const all = termChanges(follows.terms, terms);
  return all.map(({ path, from, to }) =>
    faultAt(lines, spanAt(root, path), {
      severity: 'warning',
      path: pathText(path),
      message: `This is ${from} in revision ${follows.number} and ${to} here, which may change only where a period begins.`,
      hint: adviceFor(all, { ...follows, onlyEveryone: false }, follows.terms.timeZone),
    }),
  );
}

type From = {
  readonly from: Instant;
  /** Where there is no choice of whom it is for. */
  readonly onlyEveryone: boolean;
};

/** How all of the changes may be published. */
export function adviceFor(all: readonly TermChange[], { from, onlyEveryone }: From, zone: string): string {
  const start = nextStart(all, from, zone);
  const byNext = !onlyEveryone && all.every(({ nextPeriod }) => nextPeriod);
  const ways = [
    ...(start === undefined ? [] : [`effective_from ${formatLocalInstant(start, zone)}`]),
    ...(byNext ? ['applies_to: next_period'] : []),
  ];
  if (ways.length > 0) return `publish with ${ways.join(' or ')}`;
  return 'since each subscription has periods of its own, publish the document with applies_to: new_subscriptions';
}
