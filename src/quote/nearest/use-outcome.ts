import { RatebookError } from '../../errors/error.js';
import type { Decimal } from '../../money/decimal.js';
import type { FactValues, MatchQuestion } from '../../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../../strategy/strategy.js';
import type { Use } from '../gathering.js';
import type { QuoteInput } from '../input.js';
import { type Evaluation, quoteUse } from '../quote.js';

/** What one use comes to by itself, and the rules that did something: those of its lines, discounts and taxes. */
export type UseOutcome =
  | { readonly kind: 'priced'; readonly total: Decimal; readonly rules: readonly string[] }
  | { readonly kind: 'unpriced'; readonly error: RatebookError; readonly rules: readonly string[] };

/** What became of a use; `refused` when rules cannot even be matched. */
export type Attempt = { readonly kind: 'refused' } | Answered;
export type Answered = {
  readonly kind: 'answered';
  readonly facts: FactValues;
  readonly outcome: UseOutcome;
  /** How often rules were matched for it: once, but where it may have had to be cut. */
  readonly questions: number;
  /** Where there is a price. */
  readonly evaluation?: Evaluation;
};

/** Prices one use; an error that a quote would end in is an answer here. */
export function* tryUse(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, Attempt, Matches> {
  let facts: FactValues | undefined;
  let questions = 0;
  try {
    const calculation = quoteUse(strategy, input, use);
    let step = calculation.next();
    while (step.done !== true) {
      facts ??= step.value.facts;
      questions += 1;
      step = calculation.next(yield step.value);
    }
    const evaluation = step.value;
    const outcome = { kind: 'priced', total: evaluation.total, rules: rulesOf(evaluation) } as const;
    return { kind: 'answered', facts: evaluation.facts.values, outcome, questions, evaluation };
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    if (facts === undefined) return { kind: 'refused' };
    const { rule } = error.metadata;
    const outcome = { kind: 'unpriced', error, rules: rule === undefined ? [] : [rule] } as const;
    return { kind: 'answered', facts, outcome, questions };
  }
}

function rulesOf({ lines, discounts, taxes }: Evaluation): readonly string[] {
  const acting = [...lines, ...discounts].map(({ rule }) => rule);
  const taxing = taxes.flatMap(({ rules }) => rules);
  return [...new Set([...acting, ...taxing])].filter((rule) => rule !== '');
}
