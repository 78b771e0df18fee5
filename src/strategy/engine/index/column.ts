import type { Condition, Strategy } from '../../strategy.js';
import type { Part } from './box.js';
import { type Comparison, comparisonOf } from './comparison.js';
import type { InSlices } from './in-slices.js';
import { meaningOf } from '../predicate.js';
import { type Region, complement, intersection, union } from './region.js';
import { type Segments, regionOf, segmentsOf } from './segments.js';

/** One fact, before boxes have their places: its segments, and where in them each box that reads it can match. */
export type Draft = {
  readonly fact: string;
  readonly segments: Segments;
  readonly regions: ReadonlyMap<number, Region>;
};

/** The parts on one fact, each with the number of its box. */
export type FactParts = { readonly fact: string; readonly parts: readonly OwnedPart[] };
type OwnedPart = { readonly box: number; readonly part: Part };

/** Parts, and intervals of their regions, that are looked at between two stops. */
const AT_ONCE = 1000;

export function* draftOf({ fact, parts }: FactParts, named: Strategy['conditions']): InSlices<Draft> {
  const seen = new Set<string>();
  const comparisons: Comparison[] = [];
  for (const [i, { part }] of parts.entries()) {
    collect(part.condition, { named, seen, into: comparisons });
    if (i % AT_ONCE === 0) yield;
  }
  const segments = yield* segmentsOf(comparisons);
  const regions = new Map<number, Region>();
  const known = new Map<string, Region>();
  let work = 0;
  for (const { box, part } of parts) {
    const region = whereHolds(part.condition, { named, segments, known });
    const own = part.holds ? region : complement(region, 0, segments.count);
    const other = regions.get(box);
    regions.set(box, other === undefined ? own : intersection(other, own));
    work += 1 + own.length;
    if (work > AT_ONCE) {
      work = 0;
      yield;
    }
  }
  return { fact, segments, regions };
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
