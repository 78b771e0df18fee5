import { RatebookError } from '../errors/error.js';
import { type FactValues, type MatchQuestion, type RuleTrace, inRank } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { type ConditionExplanation, explainCondition } from './explain-condition.js';
import { type Outcome, outcomeOf } from './explain-rule.js';
import { type Step, stepsOf } from './explain-steps.js';
import type { QuoteInput } from './input.js';
import { type Evaluation, type Quote, type RatedUse, quote } from './quote.js';

/** Why one evaluation came out as it did: every rule of the moment in file order, then the arithmetic. */
export type Explanation = {
  readonly facts: FactValues;
  readonly rules: readonly RuleExplanation[];
  readonly steps: readonly Step[];
};

export type RuleExplanation = {
  readonly rule: string;
  readonly priority: number;
  readonly matched: boolean;
  readonly outcome: Outcome['outcome'] | 'not_matched';
  /** One sentence. */
  readonly reason: string;
  /** None: the rule always matches. */
  readonly conditions?: ConditionExplanation;
};

/** A quote with the reason for it, or the reason why there is none: then nothing won, and the conditions say why. */
export type Explained = {
  readonly quote?: Quote;
  readonly error?: RatebookError;
  /** One for each use that rules were matched for, in order. */
  readonly explanations: readonly Explanation[];
};

/** Explains the calculation of one use that is kept, again from what it does. Throws as the calculation does. */
export function* explainUse(
  calculation: Generator<MatchQuestion, RatedUse, Matches>,
): Generator<MatchQuestion, Explanation, readonly RuleTrace[]> {
  let seen: Seen = { facts: new Map(), traces: [] };
  let step = calculation.next();
  while (step.done !== true) {
    const traces = yield step.value;
    seen = { facts: step.value.facts, traces };
    step = calculation.next(matchesIn(traces));
  }
  return explain(seen, step.value.evaluation);
}

/** Prices an input and explains it from what priced it; nothing is decided a second time. */
export function* explainQuote(
  strategy: Strategy,
  input: QuoteInput,
): Generator<MatchQuestion, Explained, readonly RuleTrace[]> {
  const seen: Seen[] = [];
  const calculation = quote(strategy, input);
  try {
    let step = calculation.next();
    while (step.done !== true) {
      const traces = yield step.value;
      seen.push({ facts: step.value.facts, traces });
      step = calculation.next(matchesIn(traces));
    }
    const { evaluations } = step.value;
    return { quote: step.value, explanations: seen.map((use, i) => explain(use, evaluations[i])) };
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    return { error, explanations: seen.map((use) => explain(use, undefined)) };
  }
}

type Seen = { readonly facts: FactValues; readonly traces: readonly RuleTrace[] };

function matchesIn(traces: readonly RuleTrace[]): Matches {
  return inRank(traces.filter(({ matched }) => matched).map(({ rule }) => rule));
}

function explain({ facts, traces }: Seen, evaluation: Evaluation | undefined): Explanation {
  const rules = traces.map(({ rule, matched, conditions }): RuleExplanation => ({
    rule: rule.name,
    priority: rule.priority,
    matched,
    ...(matched
      ? outcomeOf(rule, evaluation)
      : { outcome: 'not_matched', reason: 'Its conditions do not hold.' }),
    ...(conditions && { conditions: explainCondition(facts, conditions) }),
  }));
  return { facts, rules, steps: evaluation === undefined ? [] : stepsOf(evaluation) };
}
