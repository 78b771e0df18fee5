import { formatDecimal } from '../money/decimal.js';
import type { Alternative } from '../quote/nearest/alternatives.js';
import type { ConditionExplanation } from '../quote/explain-condition.js';
import type { Explained, Explanation } from '../quote/explain.js';
import type { Nearest } from '../quote/nearest/nearest.js';
import type { UseOutcome } from '../quote/nearest/use-outcome.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { Strategy } from '../strategy/strategy.js';
import { formatInstant } from '../time/instant.js';
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
  readonly alternatives: readonly AlternativeView[];
  readonly next_steps: readonly NextStepView[];
  /** Of a use that was priced in pieces: the later ones, in order; what stands above is of the first. */
  readonly pieces?: readonly PieceView[];
};
export type PieceView = {
  /** Where it begins. */
  readonly from: string;
  /** Facts that are other than in the first piece. */
  readonly facts: Readonly<Record<string, string>>;
  readonly rules: readonly RuleView[];
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
/** What one other value of a fact would have changed. */
export type AlternativeView = {
  readonly fact: string;
  /** Null when the fact would not be sent. */
  readonly value: string | null;
  /** Null when it was not sent. */
  readonly instead_of: string | null;
  /** With taxes; null when there would be no price. */
  readonly total: string | null;
  /** Null when there is none. */
  readonly instead_of_total: string | null;
  readonly rules: readonly string[];
  readonly instead_of_rules: readonly string[];
  /** Why there would be no price. */
  readonly error?: { readonly reason: string; readonly message: string };
};
/** How far a line is from where more of it costs something else. */
export type NextStepView = {
  readonly line: string;
  readonly price: string;
  readonly kind: string;
  readonly left: string;
  readonly what: string;
};

export function viewExplained(
  strategy: Strategy,
  { quote, error, explanations, nearest }: Explained & { readonly nearest: readonly Nearest[] },
  origin: Origin,
): ExplainedView {
  return {
    strategy: strategy.id,
    ...(quote && { quote: viewQuote(quote, origin) }),
    ...(error && { error: viewFailure(error) }),
    explanations: explanations.map((explanation, i) => viewExplanation(explanation, nearest[i])),
  };
}

function viewExplanation(
  { facts, rules, steps, pieces }: Explanation,
  { alternatives, nextSteps }: Nearest = { alternatives: [], nextSteps: [] },
): ExplanationView {
  return {
    facts: viewFacts(facts),
    rules: rules.map(viewRule),
    steps: steps.map((step) => ({ ...step, value: formatDecimal(step.value) })),
    alternatives: alternatives.map(viewAlternative),
    next_steps: nextSteps.map((step) => ({ ...step, left: formatDecimal(step.left) })),
    ...(pieces.length > 0 && {
      pieces: pieces.map((piece) => ({
        from: formatInstant(piece.from),
        facts: viewFacts(piece.facts),
        rules: piece.rules.map(viewRule),
      })),
    }),
  };
}

function viewFacts(facts: Explanation['facts']): Readonly<Record<string, string>> {
  return Object.fromEntries([...facts].map(([name, value]) => [name, formatFactValue(value)]));
}

function viewRule({ conditions, ...rule }: Explanation['rules'][number]): RuleView {
  return { ...rule, ...(conditions && { conditions: viewCondition(conditions) }) };
}

function viewAlternative(alternative: Alternative): AlternativeView {
  const { fact, value, insteadOf, outcome, insteadOfOutcome } = alternative;
  return {
    fact,
    value: value === undefined ? null : formatFactValue(value),
    instead_of: insteadOf === undefined ? null : formatFactValue(insteadOf),
    total: totalOf(outcome),
    instead_of_total: totalOf(insteadOfOutcome),
    rules: outcome.rules,
    instead_of_rules: insteadOfOutcome.rules,
    ...(outcome.kind === 'unpriced' && {
      error: { reason: outcome.error.reason, message: outcome.error.message },
    }),
  };
}

function totalOf(outcome: UseOutcome): string | null {
  return outcome.kind === 'priced' ? formatDecimal(outcome.total) : null;
}

function viewCondition({ kind, holds, name, leaf, children }: ConditionExplanation): ConditionView {
  return {
    ...{ kind, holds },
    ...(name !== undefined && { name }),
    ...(leaf && { ...leaf, found: leaf.found ?? null }),
    ...(children.length > 0 && { conditions: children.map(viewCondition) }),
  };
}
