import { minus, plus } from '../../money/arithmetic.js';
import { type Decimal, isDecimal } from '../../money/decimal.js';
import type { FactValues } from '../../strategy/engine/matcher.js';
import type { Comparisons, Moving } from './comparisons.js';
import { type Edge, edgesAround, inOrder } from './edges.js';
import { bothSides } from './leaf-edges.js';

/**
 * The edges of each fact together with those that other facts give it by the values that they have just now. Each is
 * found once, however many ways lead to it.
 */
export function edgesNow(comparisons: Comparisons, facts: FactValues): (fact: string) => readonly Edge[] {
  const known = new Map<string, readonly Edge[]>();
  const edgesOf = (fact: string): readonly Edge[] => {
    const edges = known.get(fact) ?? find(fact);
    known.set(fact, edges);
    return edges;
  };
  const find = (fact: string): readonly Edge[] => {
    const compared = comparisons.get(fact);
    if (compared === undefined) return [];
    const { type, edges, others, derived } = compared;
    const beside = others.flatMap((other) => bothSides(facts.get(other) ?? []));
    const through = derived.flatMap((moving) => {
      const [value, result] = [facts.get(fact), facts.get(moving.fact)];
      if (!isDecimal(value) || !isDecimal(result)) return [];
      const { above, below } = edgesAround(edgesOf(moving.fact), result);
      return [...above, ...below].flatMap((edge) => edgeThrough(moving, value, { edge, result }));
    });
    return beside.length + through.length === 0 ? edges : inOrder(type, [...edges, ...beside, ...through]);
  };
  return edgesOf;
}

/** Where a fact has to go for a derived one to reach an edge, all else being as it is. */
function edgeThrough(
  { how }: Moving,
  value: Decimal,
  { edge, result }: { readonly edge: Edge; readonly result: Decimal },
): readonly Edge[] {
  if (!isDecimal(edge.value)) return [];
  const distance = minus(edge.value, result);
  switch (how) {
    case 'same':
      return [edge];
    case 'along':
      return [{ value: plus(value, distance), side: edge.side }];
    case 'against':
      return [{ value: minus(value, distance), side: edge.side === 'before' ? 'after' : 'before' }];
  }
}
