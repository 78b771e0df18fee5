import { type Violation, violationError } from '../../errors/error.js';
import type { Session } from '../../platform/mongo/transaction.js';
import { type PeriodTerms, type TermChange, mayChange, termChanges } from '../../strategy/period-terms.js';
import { pathText } from '../../strategy/source/place.js';
import { formatLocalInstant } from '../../time/local-instant.js';
import type { NewRevision } from './revision.js';
import { type Neighbour, type Store, neighbours } from './store.js';
import { adviceFor } from './term-advice.js';

type Placed = Neighbour & Pick<NewRevision, 'strategy' | 'rolledBackTo'>;

/**
 * Refuses a revision that would change the terms of periods that run: its own against those that a subscription may be on
 * when it takes effect, and those of what follows it against its own. Throws PERIOD_RUNNING.
 */
export async function refuseWithinPeriod(revision: Placed, store: Store, session?: Session): Promise<void> {
  const before = await neighbours(store, revision, 'before', session);
  const after = await neighbours(store, revision, 'after', session);
  const own = faultsBetween(before, revision).map(({ change, terms, all }) => {
    const zone = terms.timeZone;
    const onlyEveryone = revision.rolledBackTo !== 0;
    const advice = adviceFor(all, { from: revision.effectiveFrom, onlyEveryone }, zone);
    return violation(change, `${whenOf(revision, zone)}, within a period; ${advice}.`);
  });
  const later = after.flatMap((next) =>
    faultsBetween([revision], next).map(({ change, terms }) =>
      violation(change, `with revision ${next.number}, ${whenOf(next, terms.timeZone)}, ${REMEDY}`),
    ),
  );
  refuse([...own, ...later]);
}

const REMEDY = 'within a period; withdraw that one first, or take effect after it.';

/** Refuses to take a revision out from between two that cannot follow each other. Throws PERIOD_RUNNING. */
export async function refuseToExpose(revision: Placed, store: Store, session: Session): Promise<void> {
  // Those around one that is not for everyone have been neighbours all along.
  if (revision.appliesTo !== 'everyone') return;
  const before = await neighbours(store, revision, 'before', session);
  const after = await neighbours(store, revision, 'after', session);
  refuse(
    after.flatMap((next) =>
      faultsBetween(before, next).map(({ change, terms }) =>
        violation(
          change,
          `with revision ${next.number}, ${whenOf(next, terms.timeZone)}, within a period; withdraw that one first.`,
        ),
      ),
    ),
  );
}

type FaultyChange = {
  readonly change: TermChange;
  /** Of the revision that it departs from, with all that depart from it so. */
  readonly terms: PeriodTerms;
  readonly all: readonly TermChange[];
};

/** What a revision may not change when it takes effect, a term once. */
function faultsBetween(before: readonly Neighbour[], revision: Neighbour): readonly FaultyChange[] {
  const faults = new Map<string, FaultyChange>();
  for (const { terms } of before) {
    if (terms === undefined || revision.terms === undefined) continue;
    const all = termChanges(terms, revision.terms);
    for (const change of all)
      if (!mayChange(change, revision, terms.timeZone))
        faults.set(pathText(change.path), { change, terms, all });
  }
  return [...faults.values()];
}

function whenOf({ effectiveFrom }: Neighbour, zone: string): string {
  return `from ${formatLocalInstant(effectiveFrom, zone)} on`;
}

function violation({ path, from, to }: TermChange, rest: string): Violation {
  return { field: pathText(path), description: `would change from ${from} to ${to} ${rest}` };
}

function refuse(violations: readonly Violation[]): void {
  if (violations.length > 0) throw violationError('PERIOD_RUNNING', violations);
}
