import type { Condition } from '../../strategy.js';
import type { Predicate, PredicateMaker } from '../predicate.js';
import { type Region, isIn } from './region.js';
import type { Width } from './rows.js';
import type { Segments } from './segments.js';

/**
 * All rules of one moment. The conditions of each are written as boxes, and each box has a bit. A fact's value lies in a
 * segment, the segment has a set of the boxes that it lets through, and the sets of all facts are ANDed. What is left is
 * few, and looked at one by one: the index narrows and a check decides, so that what no index can hold costs time and
 * never the right answer.
 */
export type RuleIndex<F, R> = {
  /** Highest rank first. */
  readonly rules: readonly R[];
  /** At least one. */
  readonly columns: readonly Column[];
  readonly locate: Locate<F>;
  /** The sets of boxes of all columns, one after the other. */
  readonly sets: Int32Array;
  readonly width: Width;
  /** By box: the position of its rule. */
  readonly owners: Int32Array;
  /** What sets that are too coarse leave open; undefined when none is. */
  readonly coarse: CoarseRegions | undefined;
  /** By box: what no column can say; undefined where they say it all. */
  readonly checks: readonly (Check<F> | undefined)[];
  /** Where a match notes down what it finds, over what the one before found; a match never starts another. */
  readonly notes: Notes;
};

/** One fact: its segments, and where in the sets that of each segment begins. */
export type Column = {
  /** Its place among the columns. */
  readonly at: number;
  readonly fact: string;
  readonly segments: Segments;
  readonly offsets: Int32Array;
};

/** Notes the segment of each column's fact, 0 when it was not sent, and where its set begins. */
export type Locate<F> = (facts: F, notes: Notes) => void;

/** From `starts[box]` to `starts[box + 1]`: a column whose sets are too coarse for the box, and its segments there. */
export type CoarseRegions = {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly regions: readonly Region[];
};

export type Check<F> = {
  readonly rest: readonly Condition[];
  readonly make: PredicateMaker<F>;
  /** Of `rest`; made when it is first asked. */
  predicates: readonly Predicate<F>[] | undefined;
};

export type Notes = {
  /** By column. */
  readonly segments: Int32Array;
  readonly offsets: Int32Array;
  /** Positions of rules. */
  readonly found: number[];
};

/** The rules that match, highest rank first. */
export function matchIn<F, R>(index: RuleIndex<F, R>, facts: F): readonly R[] {
  const { width, rules, notes } = index;
  index.locate(facts, notes);
  let count = 0;
  if (width.summary === 0) {
    for (let word = 0; word < width.words; word++) count = findIn(index, facts, { word, count });
  }
  for (let group = 0; group < width.summary; group++) {
    let live = commonBits(index.sets, notes.offsets, group);
    while (live !== 0) {
      const word = 32 * group + lowestBit(live);
      live &= live - 1;
      count = findIn(index, facts, { word, count });
    }
  }
  if (count > 1) return inOrder(rules, notes.found, count);
  const rule = rules[notes.found[0] ?? 0];
  return count === 0 || rule === undefined ? [] : [rule];
}

type At = { readonly word: number; readonly count: number };

/** Notes the rules that match in one word, after so many that were found; tells how many there are then. */
function findIn<F, R>(index: RuleIndex<F, R>, facts: F, { word, count }: At): number {
  const { width, notes, owners, sets } = index;
  let found = count;
  let bits = commonBits(sets, notes.offsets, width.summary + word);
  while (bits !== 0) {
    const box = 32 * word + lowestBit(bits);
    bits &= bits - 1;
    if (passes(index, box, facts)) notes.found[found++] = owners[box] ?? 0;
  }
  return found;
}

/** Notes in which segment the fact of column i lies. */
export function noteSegment(
  { segments, offsets }: Notes,
  place: { readonly at: number; readonly offsets: Int32Array },
  segment: number,
): void {
  segments[place.at] = segment;
  offsets[place.at] = place.offsets[segment] ?? 0;
}

/** What the sets of all columns have in common in one of their words. */
function commonBits(sets: Int32Array, offsets: Int32Array, at: number): number {
  let bits = -1;
  for (let i = 0; i < offsets.length; i++) bits &= sets[(offsets[i] ?? 0) + at] ?? 0;
  return bits;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function passes<F, R>({ coarse, checks, notes }: RuleIndex<F, R>, box: number, facts: F): boolean {
  if (coarse !== undefined && !isInOwn(coarse, box, notes)) return false;
  const check = checks[box];
  if (check === undefined) return true;
  check.predicates ??= check.rest.map(check.make);
  return check.predicates.every((predicate) => predicate(facts));
}

function isInOwn({ starts, columns, regions }: CoarseRegions, box: number, { segments }: Notes): boolean {
  const end = starts[box + 1] ?? 0;
  for (let i = starts[box] ?? 0; i < end; i++) {
    if (!isIn(regions[i] ?? [], segments[columns[i] ?? 0] ?? 0)) return false;
  }
  return true;
}

/** Boxes stand where they are found fastest, so ranks are put in order here; two boxes may be of one rule. */
function inOrder<R>(rules: readonly R[], found: number[], count: number): readonly R[] {
  const positions = count > FEW ? Int32Array.from(found.slice(0, count)).sort() : sortFew(found, count);
  const matched: R[] = [];
  let last = -1;
  for (let i = 0; i < count; i++) {
    const position = positions[i] ?? 0;
    const rule = rules[position];
    if (position !== last && rule !== undefined) matched.push(rule);
    last = position;
  }
  return matched;
}

/** So many numbers are put in order where they stand faster than an array for them is made. */
const FEW = 16;

/** Puts the first so many numbers in order, one after the other. */
function sortFew(numbers: number[], count: number): readonly number[] {
  for (let i = 1; i < count; i++) {
    const number = numbers[i] ?? 0;
    let at = i;
    for (; at > 0; at--) {
      const before = numbers[at - 1] ?? 0;
      if (before <= number) break;
      numbers[at] = before;
    }
    numbers[at] = number;
  }
  return numbers;
}
