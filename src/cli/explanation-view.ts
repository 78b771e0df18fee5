import { formatDecimal } from '../money/decimal.js';
import type { ConditionExplanation } from '../quote/explain-condition.js';
import type { Explained, Explanation } from '../quote/explain.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { Strategy } from '../strategy/strategy.js';
import { type FailureView, viewFailure } from './failure.js';
import { type Origin, type QuoteView, viewQuote } from './quote-view.js';

/** A quote with the reason for it, or with the reason why there is none, as `--json` prints it. */
export type ExplainedView = {
  readonly strategy: string;
  readonly quote?: QuoteView;
  readonly error?: FailureView;
  /** One for each use, in order. */
  readonly explanations: readonly ExplanationView[];
};

export type ExplanationView = {
  /** Every fact, given or computed. */
  readonly facts: Readonly<Record<string, string>>;
  readonly rules: readonly RuleView[];
  readonly steps: readonly StepView[];
};
export type RuleView = {
  readonly rule: string;
  readonly priority: number;
  readonly matched: boolean;
  readonly outcome: string;
  readonly reason: string;
  readonly conditions?: ConditionView;
};
export type ConditionView = {
  readonly kind: string;
  readonly holds: boolean;
  readonly name?: string;
  readonly fact?: string;
  readonly operator?: string;
  /** Null when the fact was not sent. */
  readonly found?: string | null;
  readonly wanted?: string;
  readonly conditions?: readonly ConditionView[];
};
export type StepView = {
  readonly line: string;
  readonly label: string;
  readonly expression: string;
  readonly value: string;
};

export function viewExplained(
  strategy: Strategy,
  { quote, error, explanations }: Explained,
  origin: Origin,
): ExplainedView {
  return {
    strategy: strategy.id,
    ...(quote && { quote: viewQuote(quote, origin) }),
    ...(error && { error: viewFailure(error) }),
    explanations: explanations.map(viewExplanation),
  };
}

function viewExplanation({ facts, rules, steps }: Explanation): ExplanationView {
  const shown = [...facts].map(([name, value]) => [name, formatFactValue(value)] as const);
  return {
    facts: Object.fromEntries(shown),
    rules: rules.map(({ conditions, ...rule }) => ({
      ...rule,
      ...(conditions && { conditions: viewCondition(conditions) }),
    })),
    steps: steps.map((step) => ({ ...step, value: formatDecimal(step.value) })),
  };
}

function viewCondition({ kind, holds, name, leaf, children }: ConditionExplanation): ConditionView {
  return {
    ...{ kind, holds },
    ...(name !== undefined && { name }),
    ...(leaf && { ...leaf, found: leaf.found ?? null }),
    ...(children.length > 0 && { conditions: children.map(viewCondition) }),
  };
}
