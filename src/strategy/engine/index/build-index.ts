import type { Condition } from '../../strategy.js';
import type { Box, Names } from './box.js';
import { type Draft, type FactParts, draftOf } from './column.js';
import { type InSlices, sortInSlices } from './in-slices.js';
import { normalFormOf } from './normal-form.js';
import { type ReadFact, predicatesFor } from '../predicate.js';
import { type Constraints, type Rows, isKept, type Sets, noSets, rowsOf } from './rows.js';
import type { CoarseRegion, Column, Locate, RuleIndex } from './rule-index.js';

/** How facts of the form F are read: one by its name, or for all columns of an index the segments they are in. */
export type FactReading<F> = {
  readonly read: ReadFact<F>;
  readonly locatorOf: (columns: readonly Column[]) => Locate<F>;
};

/** Bytes for the sets of all columns together. */
const MOST_BYTES = 16 * 2 ** 20;
/** However many columns there are, one with few segments is never made coarser. */
const FEWEST_ROWS = 16;

/** A rule, whatever it is, and its conditions; none: it always matches. */
export type Ranked<R> = { readonly rule: R; readonly conditions?: Condition | undefined };

/** Takes the rules highest rank first. */
export function* buildIndex<F, R>(
  ranked: readonly Ranked<R>[],
  names: Names,
  reading: FactReading<F>,
): InSlices<RuleIndex<F, R>> {
  const { boxes, owners } = yield* normalFormOf(ranked, names);
  const drafts = yield* draftsOf(boxes, names);
  const order = yield* clustered(boxes.length, drafts);
  const sets = noSets(order.length);
  const columns: Column[] = [];
  const coarse = new Map<number, CoarseRegion[]>();
  for (const draft of drafts) {
    const constraints = yield* placed(draft, order);
    const most = mostRows(sets, drafts.length - columns.length);
    const rows = yield* rowsOf(constraints, sets, most);
    noteCoarse(coarse, columns.length, { constraints, rows });
    columns.push({ fact: draft.fact, segments: draft.segments, offsets: rows.offsets });
  }
  const make = predicatesFor(names.conditions, reading.read);
  const checks = order.map((box, place) => {
    const open = { rest: boxes[box]?.rest ?? [], coarse: coarse.get(place) ?? [] };
    return open.rest.length + open.coarse.length === 0 ? undefined : { ...open, make, predicates: undefined };
  });
  const notes = {
    segments: new Int32Array(columns.length),
    offsets: new Int32Array(columns.length),
    found: [],
  };
  return {
    rules: ranked.map(({ rule }) => rule),
    columns,
    locate: reading.locatorOf(columns),
    sets: sets.words.slice(0, sets.used),
    width: sets.width,
    owners: Int32Array.from(order, (box) => owners[box] ?? 0),
    checks,
    notes,
  };
}

/** Rows of the next column, of so many to come: an equal part of what is left. */
function mostRows({ used, width }: Sets, columns: number): number {
  const left = MOST_BYTES / 4 - used;
  return Math.max(FEWEST_ROWS, Math.floor(left / columns / (width.words + width.summary)));
}

/** Stands in where no rule reads a fact that an index can hold. */
const NO_FACT: Draft = {
  fact: '',
  segments: { kind: 'table', count: 1, places: new Map() },
  regions: new Map(),
};

/** A draft for each fact, the one that is expected to let the fewest boxes through first. */
function* draftsOf(boxes: readonly Box[], names: Names): InSlices<readonly Draft[]> {
  const byFact = new Map<string, FactParts['parts'][number][]>();
  for (const [box, { parts }] of boxes.entries()) {
    for (const part of parts) {
      const known = byFact.get(part.fact);
      if (known === undefined) byFact.set(part.fact, [{ box, part }]);
      else known.push({ box, part });
    }
    if (box % 2000 === 0) yield;
  }
  if (byFact.size === 0) return [NO_FACT];
  const drafts: { readonly draft: Draft; readonly passing: number }[] = [];
  for (const [fact, parts] of byFact) {
    const draft = yield* draftOf({ fact, parts }, names.conditions);
    drafts.push({ draft, passing: passingShare(draft, boxes.length) });
    yield;
  }
  return drafts.sort((a, b) => a.passing - b.passing).map(({ draft }) => draft);
}

/** Of all boxes, those that a segment lets through on average. */
function passingShare({ segments, regions }: Draft, boxes: number): number {
  let sum = boxes - regions.size;
  for (const region of regions.values()) {
    for (let i = 0; i < region.length; i += 2)
      sum += ((region[i + 1] ?? 0) - (region[i] ?? 0)) / segments.count;
  }
  return sum / boxes;
}

/**
 * The boxes that can match at all, those side by side that are alike in the most selective facts: then the boxes of a
 * segment fill few words, and whole words are passed over.
 */
function* clustered(boxes: number, drafts: readonly Draft[]): InSlices<readonly number[]> {
  const impossible = new Set<number>();
  const starts: Int32Array[] = [];
  for (const { regions } of drafts) {
    const own = new Int32Array(boxes);
    for (const [box, [start]] of regions) {
      if (start === undefined) impossible.add(box);
      else own[box] = start;
    }
    starts.push(own);
    yield;
  }
  const possible = Array.from({ length: boxes }, (_, box) => box).filter((box) => !impossible.has(box));
  yield;
  return yield* sortInSlices(possible, (a, b) => {
    for (const own of starts) {
      const order = (own[a] ?? 0) - (own[b] ?? 0);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function* placed({ segments, regions }: Draft, order: readonly number[]): InSlices<Constraints> {
  const constrained: Constraints['constrained'][number][] = [];
  for (const [place, box] of order.entries()) {
    const region = regions.get(box);
    if (region !== undefined) constrained.push({ box: place, region });
    if (place % 5000 === 0) yield;
  }
  return { segments: segments.count, boxes: order.length, constrained };
}

type Placed = { readonly constraints: Constraints; readonly rows: Rows };

/** Notes the boxes of which a column with coarse sets does not say it all. */
function noteCoarse(
  coarse: Map<number, CoarseRegion[]>,
  column: number,
  { constraints, rows }: Placed,
): void {
  if (rows.grain === 1) return;
  for (const { box, region } of constraints.constrained) {
    if (isKept(region, rows)) continue;
    const known = coarse.get(box);
    if (known === undefined) coarse.set(box, [{ column, region }]);
    else known.push({ column, region });
  }
}
