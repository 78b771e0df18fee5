import { isDecimal } from '../money/decimal.js';
import type { FactValues } from '../strategy/engine/matcher.js';
import { compareFactValues } from '../strategy/fact-order.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { FactDeclaration, FactValue } from '../strategy/strategy.js';
import { GRIDS, type OrderedType, fromGrid, toGrid } from '../strategy/ties/fact-grid.js';
import { type Comparisons, type Edge, compareEdges, edgesNow } from './comparisons.js';

/** Other values that a fact could have, nearest first. Whoever looks for another outcome stops at the first that has one. */
export type Way = readonly Candidate[];
export type Candidate = {
  /** Undefined: the fact would not be sent. */
  readonly value: FactValue | undefined;
  /** How many edges, or other values, lie between: 1 is the nearest. */
  readonly steps: number;
};

/** Values on one way, and ways to single texts; what lies farther is not near. */
const FARTHEST = 8;

type Fact = { readonly name: string; readonly declared: FactDeclaration | undefined };

/** The ways on which the value of a fact can be changed. None for a fact whose other values nothing names. */
export function waysFrom(
  { name, declared }: Fact,
  comparisons: Comparisons,
  facts: FactValues,
): readonly Way[] {
  const edges = edgesNow(comparisons, facts);
  const value = facts.get(name);
  const ways = waysOfType(comparisons.type, { edges, value, choices: declared?.oneOf ?? [] });
  if (declared?.optional !== true || value === undefined) return ways;
  return [...ways, [{ value: undefined, steps: ways.length + 1 }]];
}

type From = {
  readonly edges: readonly Edge[];
  readonly value: FactValue | undefined;
  /** All values that the fact may have, where the document lists them. */
  readonly choices: readonly FactValue[];
};

function waysOfType(type: Comparisons['type'], from: From): readonly Way[] {
  if (type === 'list') return toggledLists(from);
  if (type === 'boolean') return singly(from.value, [true, false]);
  if (type === 'string') return singly(from.value, [...from.choices, ...valuesOf(from)]);
  return from.choices.length > 0 ? amongChoices(from) : acrossEdges(type, from);
}

/** Where values stand in no order each is a way of its own, in the order in which the document names them. */
function singly(value: FactValue | undefined, others: readonly FactValue[]): readonly Way[] {
  return distinct(others)
    .filter((other) => other !== value)
    .slice(0, FARTHEST)
    .map((other, i) => [{ value: other, steps: i + 1 }]);
}

/** The list with one more item, or one less. */
function toggledLists({ value, edges, choices }: From): readonly Way[] {
  const items = isTexts(value) ? value : [];
  const named = distinct([...choices, ...valuesOf({ edges })]).map(String);
  return named.slice(0, FARTHEST).map((item, i) => {
    const toggled = items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
    return [{ value: toggled, steps: i + 1 }];
  });
}

function amongChoices({ value, choices }: From): readonly Way[] {
  const ascending = choices.toSorted(compareFactValues);
  if (value === undefined) return [numbered(ascending)];
  const below = ascending.filter((choice) => compareFactValues(choice, value) < 0);
  const above = ascending.filter((choice) => compareFactValues(choice, value) > 0);
  return [numbered(above), numbered(below.toReversed())];
}

/** Up and down from edge to edge; from nowhere, when nothing was sent, up from below the first. */
function acrossEdges(type: OrderedType, { value, edges }: From): readonly Way[] {
  const here = value === undefined ? 0 : edgesBelow(edges, value);
  const above = edges.slice(here, here + FARTHEST);
  const below = edges.slice(Math.max(0, here - FARTHEST), here).toReversed();
  const step = stepOf(type, value, [...above, ...below]);
  const up = above.map((edge) => beyond(type, edge, edge.side === 'after' ? step : 0n));
  const down = below.map((edge) => beyond(type, edge, edge.side === 'before' ? -step : 0n));
  if (value !== undefined) return [numbered(up), numbered(down)];
  const [first] = above;
  const lowest = first && beyond(type, first, first.side === 'before' ? -step : 0n);
  return [numbered([lowest, ...up])];
}

/** How many edges lie below the value, by halving. */
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

/** The value beside an edge; undefined where the type has none there. */
function beyond(type: OrderedType, { value }: Edge, step: bigint): FactValue | undefined {
  const { low, high } = GRIDS[type];
  const at = toGrid(type, value) + step;
  return at < low || at > high ? undefined : fromGrid(type, at);
}

/**
 * The next value that someone would name: of numbers with two fraction digits a hundredth on, of instants in whole
 * seconds a second.
 */
function stepOf(type: OrderedType, value: FactValue | undefined, edges: readonly Edge[]): bigint {
  const { step, round } = GRIDS[type];
  if (type !== 'decimal' && type !== 'instant') return step;
  const values = [...(value === undefined ? [] : [value]), ...valuesOf({ edges })];
  const points = values.map((one) => toGrid(type, one));
  let finest = round;
  while (finest > step && points.some((point) => point % finest !== 0n)) finest /= 10n;
  return finest;
}

function numbered(values: readonly (FactValue | undefined)[]): Way {
  return values
    .filter((value) => value !== undefined)
    .slice(0, FARTHEST)
    .map((value, i) => ({ value, steps: i + 1 }));
}

function valuesOf({ edges }: Pick<From, 'edges'>): readonly FactValue[] {
  return edges.flatMap(({ value }) => (isTexts(value) ? [...value] : [value]));
}

function distinct(values: readonly FactValue[]): readonly FactValue[] {
  return [...new Map(values.map((value) => [formatFactValue(value), value])).values()];
}

function isTexts(value: FactValue | undefined): value is readonly string[] {
  return typeof value === 'object' && !isDecimal(value);
}
