import { negate } from '../../../money/arithmetic.js';
import { type Decimal, ONE } from '../../../money/decimal.js';
import { countTimes, startMoves, takeOver } from '../../../quote/moves.js';
import { type StoredCounter, countedBy } from '../../../quote/stored-totals.js';
import { type Totals, copyTotals } from '../../../quote/totals.js';
import type { Rating } from '../recording/usage.js';
import { type RevisionBook } from '../revisions/revision-book.js';
import { revisionOfRating } from '../recording/recompute.js';

/** The discounts of these ratings that an account may have only so often, by rule. A period counts once, however it is cut. */
export function limitedIn(ratings: readonly Rating[], book: RevisionBook): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const rating of ratings) {
    if (rating.discounts.length === 0) continue;
    for (const { name, event } of revisionOfRating(rating, book).strategy.rules)
      if (event.type === 'discount' && event.times !== undefined)
        if (rating.discounts.some(({ rule }) => rule === name)) rules.add(name);
  }
  return rules;
}

/** The totals as they would be if a period had taken none of these discounts. */
export function without(totals: Totals, rules: ReadonlySet<string>): Totals {
  if (rules.size === 0) return totals;
  const copy = copyTotals(totals);
  move(
    copy,
    [...rules].map((rule) => [rule, negate(ONE)]),
  );
  return copy;
}

/** Counts what a period takes now and did not take before, and the other way round. Returns the counters that have moved. */
export function countChange(
  totals: Totals,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly StoredCounter[] {
  const changes: Change[] = [];
  for (const rule of after) if (!before.has(rule)) changes.push([rule, ONE]);
  for (const rule of before) if (!after.has(rule)) changes.push([rule, negate(ONE)]);
  return move(totals, changes);
}

type Change = readonly [rule: string, more: Decimal];

function move(totals: Totals, changes: readonly Change[]): readonly StoredCounter[] {
  if (changes.length === 0) return [];
  const moves = startMoves(totals, undefined);
  for (const [rule, more] of changes) countTimes(moves, rule, more);
  takeOver(moves);
  return countedBy(moves);
}
