import { isDecimal } from '../../money/decimal.js';
import { compareFactValues } from '../../strategy/fact-order.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import type { FactDeclaration, FactType, FactValue } from '../../strategy/strategy.js';
import type { OrderedType } from '../../strategy/ties/fact-grid.js';
import { type Edge, FARTHEST, edgesAround } from './edges.js';
import { type Beside, besideAmong } from './value-beside.js';

/** Other values that a fact could have, nearest first. Whoever looks for another outcome stops at the first that has one. */
export type Way = readonly Candidate[];
export type Candidate = {
  /** Undefined: the fact would not be sent. */
  readonly value: FactValue | undefined;
  /** Which it is on the way, or among single values: 1 is the nearest. */
  readonly steps: number;
};

export type From = {
  readonly type: FactType;
  readonly declared: FactDeclaration | undefined;
  readonly value: FactValue | undefined;
  /** In order. */
  readonly edges: readonly Edge[];
};

/** The ways on which the value of a fact can be changed. None for a fact whose other values nothing names. */
export function waysFrom(from: From): readonly Way[] {
  const ways = waysOfType(from);
  if (from.declared?.optional !== true || from.value === undefined) return ways;
  return [...ways, [{ value: undefined, steps: Math.min(ways.length, FARTHEST) + 1 }]];
}

function waysOfType({ type, declared, value, edges }: From): readonly Way[] {
  const choices = declared?.oneOf ?? [];
  switch (type) {
    case 'list':
      return toggledLists(value, [...choices, ...valuesOf(edges)]);
    case 'string':
      return singly(value, [...choices, ...valuesOf(edges)]);
    case 'boolean':
      return singly(value, [true, false]);
    case 'integer':
    case 'decimal':
    case 'instant':
    case 'date':
    case 'time':
      return choices.length > 0 ? amongChoices(value, choices) : acrossEdges(type, value, edges);
  }
}

/** Where values stand in no order each is a way of its own, in the order in which the document names them. */
function singly(value: FactValue | undefined, others: readonly FactValue[]): readonly Way[] {
  return distinct(others)
    .filter((other) => other !== value)
    .slice(0, FARTHEST)
    .map((other, i) => [{ value: other, steps: i + 1 }]);
}

/** The list with one more item, or one less. */
function toggledLists(value: FactValue | undefined, named: readonly FactValue[]): readonly Way[] {
  const items = isTexts(value) ? value : [];
  return distinct(named)
    .slice(0, FARTHEST)
    .map(String)
    .map((item, i) => {
      const toggled = items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
      return [{ value: toggled, steps: i + 1 }];
    });
}

function amongChoices(value: FactValue | undefined, choices: readonly FactValue[]): readonly Way[] {
  const ascending = choices.toSorted(compareFactValues);
  if (value === undefined) return [numbered(ascending)];
  const below = ascending.filter((choice) => compareFactValues(choice, value) < 0);
  const above = ascending.filter((choice) => compareFactValues(choice, value) > 0);
  return [numbered(above), numbered(below.toReversed())];
}

/** Up and down from edge to edge; from nowhere, when nothing was sent, up from below the first. */
function acrossEdges(
  type: OrderedType,
  value: FactValue | undefined,
  edges: readonly Edge[],
): readonly Way[] {
  const { above, below } = edgesAround(edges, value);
  const seen = valuesOf([...above, ...below]);
  const beside = besideAmong(type, value === undefined ? seen : [value, ...seen]);
  const up = above.map((edge) => overUp(edge, beside));
  if (value !== undefined) return [numbered(up), numbered(below.map((edge) => overDown(edge, beside)))];
  const [first] = above;
  return [numbered([first && overDown(first, beside), ...up])];
}

function overUp({ value, side }: Edge, beside: Beside): FactValue | undefined {
  return beside(value, side === 'after' ? 1 : 0);
}

function overDown({ value, side }: Edge, beside: Beside): FactValue | undefined {
  return beside(value, side === 'before' ? -1 : 0);
}

function numbered(values: readonly (FactValue | undefined)[]): Way {
  return values
    .filter((value) => value !== undefined)
    .slice(0, FARTHEST)
    .map((value, i) => ({ value, steps: i + 1 }));
}

function valuesOf(edges: readonly Edge[]): readonly FactValue[] {
  return edges.flatMap(({ value }) => (isTexts(value) ? [...value] : [value]));
}

function distinct(values: readonly FactValue[]): readonly FactValue[] {
  return [...new Map(values.map((value) => [formatFactValue(value), value])).values()];
}

function isTexts(value: FactValue | undefined): value is readonly string[] {
  return typeof value === 'object' && !isDecimal(value);
}
