import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import type { EngineFactory } from '../../../../src/strategy/engine/matcher.js';
import type { Condition, Strategy } from '../../../../src/strategy/strategy.js';

/** The compiled engine with a fault in its matches; its traces are right, so that the matches have to give it away. */
function faulty(change: (condition: Condition) => Condition): EngineFactory {
  return (strategy) => {
    const { match } = compiledEngine(changed(strategy, change));
    return { match, trace: compiledEngine(strategy).trace };
  };
}

export const PLANTED: Readonly<Record<string, EngineFactory>> = {
  'lessThan takes its bound in': faulty((condition) =>
    condition.kind === 'leaf' && condition.operator === 'lessThan'
      ? { ...condition, operator: 'lessThanInclusive' }
      : condition,
  ),
  'the decorator not holds for a fact that is missing': faulty((condition) =>
    condition.kind === 'leaf' && condition.decorators[0] === 'not'
      ? { kind: 'not', of: { ...condition, decorators: condition.decorators.slice(1) } }
      : condition,
  ),
  'rules of one priority match in the wrong order': (strategy) => {
    const { match, trace } = compiledEngine(strategy);
    return {
      match: (question) => match(question).toSorted((a, b) => b.priority - a.priority || b.index - a.index),
      trace,
    };
  },
};

function changed(strategy: Strategy, change: (condition: Condition) => Condition): Strategy {
  const deep = (condition: Condition): Condition => {
    switch (condition.kind) {
      case 'all':
      case 'any':
        return change({ ...condition, of: condition.of.map(deep) });
      case 'not':
        return change({ ...condition, of: deep(condition.of) });
      case 'named':
      case 'leaf':
        return change(condition);
    }
  };
  return {
    ...strategy,
    conditions: new Map([...strategy.conditions].map(([name, condition]) => [name, deep(condition)])),
    rules: strategy.rules.map((rule) =>
      rule.conditions === undefined ? rule : { ...rule, conditions: deep(rule.conditions) },
    ),
  };
}
