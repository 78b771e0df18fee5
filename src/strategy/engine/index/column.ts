import type { Condition, Strategy } from '../../strategy.js';
import type { Part } from './box.js';
import { type Comparison, comparisonOf } from './comparison.js';
import { type InSlices, type Pace, isDue } from './in-slices.js';
import { meaningOf } from '../predicate.js';
import { type Region, complement, intersection, union } from './region.js';
import { type Segments, regionOf, segmentsOf } from './segments.js';

/** One fact, before boxes have their places: its segments, and where in them each box that reads it can match. */
export type Draft = {
  readonly fact: string;
  readonly segments: Segments;
  /** Boxes that read the fact, ascending. */
  readonly boxes: readonly number[];
  /** By place in `boxes`. */
  readonly regions: readonly Region[];
};

/** The parts on one fact, and by box, which ascend, the place of its part: boxes of one rule share parts. */
export type FactParts = {
  readonly fact: string;
  readonly parts: Part[];
  readonly boxes: number[];
  readonly places: number[];
};

export function* draftOf(
  { fact, parts, boxes, places }: FactParts,
  named: Strategy['conditions'],
): InSlices<Draft> {
  const seen = new Set<string>();
  const comparisons: Comparison[] = [];
  const pace: Pace = { work: 0 };
  for (const { condition } of parts) {
    const before = comparisons.length;
    collect(condition, { named, seen, into: comparisons });
    if (isDue(pace, 1 + 4 * (comparisons.length - before))) yield;
  }
  const segments = yield* segmentsOf(comparisons);
  const where = { named, segments, known: new Map<string, Region>() };
  const ofParts: Region[] = [];
  for (const { condition, holds } of parts) {
    const region = whereHolds(condition, where);
    ofParts.push(holds ? region : complement(region, 0, segments.count));
    if (isDue(pace, 4 + 2 * region.length)) yield;
  }
  const own: { readonly boxes: number[]; readonly regions: Region[] } = { boxes: [], regions: [] };
  for (const [i, box] of boxes.entries()) {
    const region = ofParts[places[i] ?? -1] ?? [];
    if (own.boxes.at(-1) === box) own.regions.push(intersection(own.regions.pop() ?? [], region));
    else {
      own.boxes.push(box);
      own.regions.push(region);
    }
    if (isDue(pace)) yield;
  }
  return { fact, segments, ...own };
}

type Collected = {
  readonly named: Strategy['conditions'];
  /** Names whose meaning was collected already. */
  readonly seen: Set<string>;
  readonly into: Comparison[];
};

function collect(condition: Condition, collected: Collected): void {
  switch (condition.kind) {
    case 'all':
    case 'any':
      for (const member of condition.of) collect(member, collected);
      break;
    case 'not':
      collect(condition.of, collected);
      break;
    case 'named':
      if (collected.seen.has(condition.name)) break;
      collected.seen.add(condition.name);
      collect(meaningOf(condition.name, collected.named), collected);
      break;
    case 'leaf': {
      const comparison = comparisonOf(condition);
      if (comparison !== undefined) collected.into.push(comparison);
    }
  }
}

type Where = {
  readonly named: Strategy['conditions'];
  readonly segments: Segments;
  /** Of names. */
  readonly known: Map<string, Region>;
};

/** The segments in which a condition on this fact alone holds. */
function whereHolds(condition: Condition, where: Where): Region {
  switch (condition.kind) {
    case 'all':
      return condition.of.map((member) => whereHolds(member, where)).reduce(intersection);
    case 'any':
      return union(condition.of.map((member) => whereHolds(member, where)));
    case 'not':
      return complement(whereHolds(condition.of, where), 0, where.segments.count);
    case 'named': {
      const region =
        where.known.get(condition.name) ?? whereHolds(meaningOf(condition.name, where.named), where);
      where.known.set(condition.name, region);
      return region;
    }
    case 'leaf': {
      const comparison = comparisonOf(condition);
      const region = comparison && regionOf(where.segments, comparison);
      if (region === undefined) throw new Error(`no segments for ${condition.fact} as the rule compares it`);
      return region;
    }
  }
}
