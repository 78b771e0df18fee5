import { formatFactValue } from '../strategy/fact-value.js';
import type { ConditionTrace, FactValues } from '../strategy/engine/matcher.js';
import type { FactValue, Leaf } from '../strategy/strategy.js';

export type ConditionExplanation = {
  readonly kind: 'all' | 'any' | 'not' | 'named' | 'leaf';
  readonly holds: boolean;
  /** Of a named condition. */
  readonly name?: string;
  readonly children: readonly ConditionExplanation[];
  readonly leaf?: {
    readonly fact: string;
    readonly operator: string;
    /** Undefined when the fact was not sent. */
    readonly found: string | undefined;
    readonly wanted: string;
  };
};

/** A condition with the values that it saw, as texts. */
export function explainCondition(facts: FactValues, trace: ConditionTrace): ConditionExplanation {
  const { condition, holds } = trace;
  const children = trace.children.map((child) => explainCondition(facts, child));
  switch (condition.kind) {
    case 'leaf':
      return { kind: 'leaf', holds, children, leaf: explainLeaf(facts, condition) };
    case 'named':
      return { kind: 'named', holds, children, name: condition.name };
    case 'all':
    case 'any':
    case 'not':
      return { kind: condition.kind, holds, children };
  }
}

function explainLeaf(
  facts: FactValues,
  { fact, decorators, operator, value }: Leaf,
): ConditionExplanation['leaf'] {
  const found = showFact(facts, fact);
  const wanted =
    value.kind === 'value'
      ? showSide(value.value)
      : `${value.fact} (${showFact(facts, value.fact) ?? 'not sent'})`;
  return { fact, operator: [...decorators, operator].join(':'), found, wanted };
}

function showFact(facts: FactValues, name: string): string | undefined {
  const value = facts.get(name);
  return value === undefined ? undefined : showSide(value);
}

/** A value, or a list of values, as a document would write it. */
function showSide(side: FactValue | readonly FactValue[]): string {
  return Array.isArray(side)
    ? `[${side.map((item: FactValue) => formatFactValue(item)).join(', ')}]`
    : formatFactValue(side as FactValue);
}
