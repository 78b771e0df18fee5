import { formatFactValue } from '../strategy/fact-value.js';
import type { ConditionTrace, FactValues } from '../strategy/engine/matcher.js';
import type { FactType, FactValue, Leaf, Strategy } from '../strategy/strategy.js';

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
export function explainCondition(
  strategy: Strategy,
  facts: FactValues,
  trace: ConditionTrace,
): ConditionExplanation {
  const { condition, holds } = trace;
  const children = trace.children.map((child) => explainCondition(strategy, facts, child));
  switch (condition.kind) {
    case 'leaf':
      return { kind: 'leaf', holds, children, leaf: explainLeaf(strategy, facts, condition) };
    case 'named':
      return { kind: 'named', holds, children, name: condition.name };
    case 'all':
    case 'any':
    case 'not':
      return { kind: condition.kind, holds, children };
  }
}

function explainLeaf(
  strategy: Strategy,
  facts: FactValues,
  { fact, decorators, operator, value }: Leaf,
): ConditionExplanation['leaf'] {
  const type = strategy.types.get(fact) ?? 'string';
  const found = showFact(facts, fact, type);
  const wanted =
    value.kind === 'value'
      ? showSide(value.value, type)
      : `${value.fact} (${showFact(facts, value.fact, type) ?? 'not sent'})`;
  return { fact, operator: [...decorators, operator].join(':'), found, wanted };
}

function showFact(facts: FactValues, name: string, type: FactType): string | undefined {
  const value = facts.get(name);
  return value === undefined ? undefined : showSide(value, type);
}

/** A value, or a list of values, as a document would write it. */
function showSide(side: FactValue | readonly FactValue[], type: FactType): string {
  const itemType = type === 'list' ? 'string' : type;
  return Array.isArray(side)
    ? `[${side.map((item: FactValue) => formatFactValue(itemType, item)).join(', ')}]`
    : formatFactValue(itemType, side as FactValue);
}
