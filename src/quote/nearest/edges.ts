import { compareFactValues } from '../../strategy/fact-order.js';
import { isOrdered } from '../../strategy/fact-value.js';
import type { FactType, FactValue } from '../../strategy/strategy.js';

/** An answer changes between the value and the one before it, or between the value and the one after it. */
export type Edge = { readonly value: FactValue; readonly side: 'before' | 'after' };

/** Edges on either side of a value, the nearest first. */
export type Around = { readonly below: readonly Edge[]; readonly above: readonly Edge[] };

/** How many of each side are looked at; what lies farther is not near. */
export const FARTHEST = 8;

/** Of an ordered type each edge once, in ascending order; of another one as they are. */
export function inOrder(type: FactType, edges: readonly Edge[]): readonly Edge[] {
  if (!isOrdered(type)) return edges;
  const sorted = edges.toSorted(compareEdges);
  return sorted.filter((edge, i) => {
    const last = sorted[i - 1];
    return last === undefined || compareEdges(last, edge) !== 0;
  });
}

/** The nearest of edges that are in order; without a value to start from, the lowest. */
export function edgesAround(edges: readonly Edge[], value: FactValue | undefined): Around {
  const here = value === undefined ? 0 : edgesBelow(edges, value);
  return {
    below: edges.slice(Math.max(0, here - FARTHEST), here).toReversed(),
    above: edges.slice(here, here + FARTHEST),
  };
}

/** How many lie below the value, by halving. */
function edgesBelow(edges: readonly Edge[], value: FactValue): number {
  const at: Edge = { value, side: 'before' };
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const edge = edges[middle];
    if (edge !== undefined && compareEdges(edge, at) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareEdges(a: Edge, b: Edge): number {
  return compareFactValues(a.value, b.value) || Number(a.side === 'after') - Number(b.side === 'after');
}
