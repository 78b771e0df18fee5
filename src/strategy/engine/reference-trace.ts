import type { ConditionTrace } from './matcher.js';
import type { Condition, Strategy } from '../strategy.js';

/** A node of json-rules-engine's result tree: the condition as it was given, with `result` on all but the root. */
type ResultNode = {
  readonly result?: boolean;
  readonly all?: unknown;
  readonly any?: unknown;
  readonly not?: unknown;
};

/** Reads what became of each condition off the engine's result, which has the shape of the rule's conditions. */
export function traceCondition(strategy: Strategy, condition: Condition, node: ResultNode): ConditionTrace {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const children = condition.of.map((child, i) =>
        traceCondition(strategy, child, childrenOf(node, condition.kind)[i] ?? {}),
      );
      const holds =
        condition.kind === 'all'
          ? children.every((child) => child.holds)
          : children.some((child) => child.holds);
      return { condition, holds, children };
    }
    case 'not': {
      const child = traceCondition(strategy, condition.of, childrenOf(node, 'not')[0] ?? {});
      return { condition, holds: !child.holds, children: [child] };
    }
    case 'named': {
      const meaning = strategy.conditions.get(condition.name);
      if (meaning === undefined) throw new Error(`no condition ${condition.name}, which the check let pass`);
      // The engine puts the named condition in the place of its name, with an `all` around a lone leaf.
      const inside = meaning.kind === 'leaf' ? (childrenOf(node, 'all')[0] ?? {}) : node;
      const child = traceCondition(strategy, meaning, inside);
      return { condition, holds: child.holds, children: [child] };
    }
    case 'leaf':
      return { condition, holds: leafResult(node), children: [] };
  }
}

/** A lone leaf at the root of a rule stands in an `all` of its own. */
function leafResult(node: ResultNode): boolean {
  return (node.result ?? childrenOf(node, 'all')[0]?.result) === true;
}

function childrenOf(node: ResultNode, key: 'all' | 'any' | 'not'): readonly ResultNode[] {
  const inside = node[key];
  return Array.isArray(inside)
    ? (inside as ResultNode[])
    : inside === undefined
      ? []
      : [inside as ResultNode];
}
