import type { Condition } from '../../strategy.js';
import type { Box, Names } from './box.js';
import { type Draft, type FactParts, draftOf } from './column.js';
import { type InSlices, type Pace, isDue, sortInSlices } from './in-slices.js';
import { normalFormOf } from './normal-form.js';
import { type ReadFact, predicatesFor } from '../predicate.js';
import {
  type Constraints,
  type RowPlan,
  type Rows,
  type Width,
  isKept,
  planRows,
  roomFor,
  widthOf,
  writeRows,
} from './rows.js';
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
  const pace: Pace = { work: 0 };
  const { boxes, owners } = yield* normalFormOf(ranked, names);
  const drafts = yield* draftsOf(boxes, names);
  const order = yield* clustered(boxes.length, drafts);
  const placeOf = placesOf(order, boxes.length);
  const width = widthOf(order.length);
  const plans: RowPlan[] = [];
  let planned = 0;
  for (const draft of drafts) {
    const constraints = yield* placed(draft, placeOf, order.length);
    const plan = yield* planRows(constraints, mostRows(planned, width, drafts.length - plans.length));
    plans.push(plan);
    planned += plan.sets;
  }
  const sets = roomFor(planned, width);
  const columns: Column[] = [];
  const coarse: CoarseRegions = new Map();
  for (const [i, { fact, segments }] of drafts.entries()) {
    const plan = plans[i];
    if (plan === undefined) break;
    const rows = yield* writeRows(plan, sets);
    yield* noteCoarse(coarse, i, { constraints: plan.constraints, rows });
    columns.push({ fact, segments, offsets: rows.offsets });
  }
  const make = predicatesFor(names.conditions, reading.read);
  const checks: RuleIndex<F, R>['checks'][number][] = [];
  for (const [place, box] of order.entries()) {
    const open = { rest: boxes[box]?.rest ?? [], coarse: coarse.get(place) ?? [] };
    const decided = open.rest.length + open.coarse.length === 0;
    checks.push(decided ? undefined : { ...open, make, predicates: undefined });
    if (isDue(pace)) yield;
  }
  const notes = {
    segments: new Int32Array(columns.length),
    offsets: new Int32Array(columns.length),
    found: [],
  };
  return {
    rules: ranked.map(({ rule }) => rule),
    columns,
    locate: reading.locatorOf(columns),
    sets: sets.words,
    width,
    owners: Int32Array.from(order, (box) => owners[box] ?? 0),
    checks,
    notes,
  };
}

/** By box: its place in the order; -1 where it has none. */
function placesOf(order: readonly number[], boxes: number): Int32Array {
  const places = new Int32Array(boxes).fill(-1);
  for (const [place, box] of order.entries()) places[box] = place;
  return places;
}

/** Rows of the next column, of so many to come, when so many are planned: an equal part of what is left. */
function mostRows(planned: number, width: Width, columns: number): number {
  const all = MOST_BYTES / 4 / (width.words + width.summary);
  return Math.max(FEWEST_ROWS, Math.floor((all - planned) / columns));
}

/** Stands in where no rule reads a fact that an index can hold. */
const NO_FACT: Draft = {
  fact: '',
  segments: { kind: 'table', count: 1, places: new Map() },
  boxes: [],
  regions: [],
};

/** A draft for each fact, the one that is expected to let the fewest boxes through first. */
function* draftsOf(boxes: readonly Box[], names: Names): InSlices<readonly Draft[]> {
  const byFact = new Map<string, FactParts>();
  const pace: Pace = { work: 0 };
  for (const [box, { parts }] of boxes.entries()) {
    for (const part of parts) {
      const { fact } = part;
      const known = byFact.get(fact);
      if (known === undefined) byFact.set(fact, { fact, parts: [part], boxes: [box] });
      else {
        known.parts.push(part);
        known.boxes.push(box);
      }
    }
    if (isDue(pace, 1 + parts.length)) yield;
  }
  if (byFact.size === 0) return [NO_FACT];
  const drafts: { readonly draft: Draft; readonly passing: number }[] = [];
  for (const parts of byFact.values()) {
    const draft = yield* draftOf(parts, names.conditions);
    drafts.push({ draft, passing: yield* passingShare(draft, boxes.length) });
  }
  return drafts.sort((a, b) => a.passing - b.passing).map(({ draft }) => draft);
}

/** Of all boxes, those that a segment lets through on average. */
function* passingShare({ segments, regions }: Draft, boxes: number): InSlices<number> {
  const pace: Pace = { work: 0 };
  let sum = boxes - regions.length;
  for (const region of regions) {
    for (let i = 0; i < region.length; i += 2)
      sum += ((region[i + 1] ?? 0) - (region[i] ?? 0)) / segments.count;
    if (isDue(pace, 1 + region.length)) yield;
  }
  return sum / boxes;
}

/** Facts by which boxes are ordered; after so many hardly two boxes are alike that have anything in common. */
const ORDERED_BY = 8;

/**
 * The boxes that can match at all, those side by side that are alike in the most selective facts: then the boxes of a
 * segment fill few words, and whole words are passed over.
 */
function* clustered(boxes: number, drafts: readonly Draft[]): InSlices<readonly number[]> {
  const pace: Pace = { work: 0 };
  const impossible = new Set<number>();
  const starts: Int32Array[] = [];
  for (const draft of drafts) {
    const own = starts.length < ORDERED_BY ? new Int32Array(boxes) : undefined;
    for (const [i, box] of draft.boxes.entries()) {
      const start = draft.regions[i]?.[0];
      if (start === undefined) impossible.add(box);
      else if (own !== undefined) own[box] = start;
      if (isDue(pace)) yield;
    }
    if (own !== undefined) starts.push(own);
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

function* placed(draft: Draft, placeOf: Int32Array, boxes: number): InSlices<Constraints> {
  const pace: Pace = { work: 0 };
  const constrained: Constraints['constrained'][number][] = [];
  for (const [i, region] of draft.regions.entries()) {
    const place = placeOf[draft.boxes[i] ?? -1] ?? -1;
    if (place >= 0) constrained.push({ box: place, region });
    if (isDue(pace)) yield;
  }
  return { segments: draft.segments.count, boxes, constrained };
}

/** By place of a box. */
type CoarseRegions = Map<number, CoarseRegion[]>;
type Placed = { readonly constraints: Constraints; readonly rows: Rows };

/** Notes the boxes of which a column with coarse sets does not say it all. */
function* noteCoarse(
  coarse: CoarseRegions,
  column: number,
  { constraints, rows }: Placed,
): InSlices<undefined> {
  if (rows.grain === 1) return;
  const pace: Pace = { work: 0 };
  for (const { box, region } of constraints.constrained) {
    if (isDue(pace, 1 + region.length)) yield;
    if (isKept(region, rows)) continue;
    const known = coarse.get(box);
    if (known === undefined) coarse.set(box, [{ column, region }]);
    else known.push({ column, region });
  }
}
