import type { MatchQuestion } from '../../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../../strategy/strategy.js';
import { type Alternative, alternativesTo, searchOf } from './alternatives.js';
import type { QuoteInput } from '../input.js';
import { type NextStep, nextSteps } from './next-step.js';
import { type Totals, copyTotals, openTotals } from '../totals.js';
import { tryUse } from './use-outcome.js';

/** What lies around the price of one use: changes of one fact that give another one, and how far it is to the next step. */
export type Nearest = {
  /** Nearest first, at most five. */
  readonly alternatives: readonly Alternative[];
  readonly nextSteps: readonly NextStep[];
};

/** Times that rules are matched in search of alternatives; the uses of one quote share them out. */
const MOST_TRIES_A_USE = 64;
const MOST_QUESTIONS = 2048;

/**
 * The nearest other outcome of each use for which rules can be matched, in order, up to the first that has no price. Each
 * change is priced by the same calculation after the same totals, so what is told of it is what a quote would say. Totals
 * are those that the input gives, unless the uses are to follow stored ones, which this moves on.
 */
export function* nearestOutcomes(
  strategy: Strategy,
  input: QuoteInput,
  totals: Totals = openTotals(strategy, input),
): Generator<MatchQuestion, readonly Nearest[], Matches> {
  const search = searchOf(strategy, input);
  const found: Nearest[] = [];
  for (const index of input.usages.keys()) {
    const before = copyTotals(totals);
    const now = yield* tryUse(strategy, input, { index, totals });
    if (now.kind === 'refused') break;
    const { evaluation, questions } = now;
    const share = Math.floor(MOST_QUESTIONS / input.usages.length / questions);
    const tries = Math.max(1, Math.min(MOST_TRIES_A_USE, share));
    found.push({
      alternatives: yield* alternativesTo(search, { index, totals: before, now, tries }),
      nextSteps: evaluation === undefined ? [] : nextSteps(evaluation),
    });
    if (evaluation === undefined) break;
  }
  return found;
}
