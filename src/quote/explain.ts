import { type Decimal, formatDecimal } from '../money/decimal.js';
import { explainRating } from '../pricing/steps.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { ConditionTrace, FactValues, RuleTrace } from '../strategy/matcher.js';
import type { Leaf, Rule, Strategy } from '../strategy/strategy.js';
import type { Evaluation } from './quote.js';

/** Why one evaluation came out as it did: every rule of the moment in file order, then the arithmetic. */
export type Explanation = { readonly rules: readonly RuleExplanation[]; readonly steps: readonly Step[] };

export type RuleExplanation = {
  readonly rule: string;
  readonly priority: number;
  readonly matched: boolean;
  readonly outcome: 'won' | 'beaten' | 'applied' | 'not_applied' | 'not_matched';
  /** One sentence. */
  readonly reason: string;
  readonly conditions?: ConditionExplanation;
};

export type ConditionExplanation = {
  readonly kind: 'all' | 'any' | 'not' | 'named' | 'leaf';
  readonly holds: boolean;
  readonly name?: string;
  readonly children: readonly ConditionExplanation[];
  readonly leaf?: { readonly fact: string; readonly operator: string; readonly found: string | undefined; readonly wanted: string };
};

/** `expression` with its numbers gives `value`. */
export type Step = { readonly line: string; readonly label: string; readonly expression: string; readonly value: Decimal };

/** Explains what happened from the same evaluation that was priced; there is no second calculation of the price. */
export function explain(strategy: Strategy, evaluation: Evaluation, traces: readonly RuleTrace[]): Explanation {
  return {
    rules: traces.map((trace) => explainRule(strategy, evaluation, trace)),
    steps: [...evaluation.charges.flatMap(chargeSteps), ...adjustmentSteps(evaluation)],
  };
}
