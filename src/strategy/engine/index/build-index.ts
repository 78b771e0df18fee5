import type { Condition } from '../../strategy.js';
import type { Box, Names, Part } from './box.js';
import { type Draft, type FactParts, draftOf } from './column.js';
import { type InSlices, type Pace, isDue, sortInSlices } from './in-slices.js';
import { normalFormOf } from './normal-form.js';
import { type PredicateMaker, type ReadFact, predicatesFor } from '../predicate.js';
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
import type { Region } from './region.js';
import type { Check, CoarseRegions, Column, Locate, RuleIndex } from './rule-index.js';

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
  const found: FoundCoarse = { boxes: [], columns: [], regions: [] };
  for (const [i, { fact, segments }] of drafts.entries()) {
    const plan = plans[i];
    if (plan === undefined) break;
    const rows = yield* writeRows(plan, sets);
    yield* noteCoarse(found, i, { constraints: plan.constraints, rows });
    columns.push({ at: i, fact, segments, offsets: rows.offsets });
  }
  const make = predicatesFor(names.conditions, reading.read);
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
    owners: Int32Array.from(order.map((box) => owners[box] ?? 0)),
    coarse: yield* byBox(found, order.length),
    checks: yield* checksOf(order, boxes, make),
    notes,
  };
}

function* checksOf<F>(
  order: readonly number[],
  boxes: readonly Box[],
  make: PredicateMaker<F>,
): InSlices<readonly (Check<F> | undefined)[]> {
  const pace: Pace = { work: 0 };
  const checks: (Check<F> | undefined)[] = [];
  for (const box of order) {
    const rest = boxes[box]?.rest ?? [];
    checks.push(rest.length === 0 ? undefined : { rest, make, predicates: undefined });
    if (isDue(pace)) yield;
  }
  return checks;
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
      if (known === undefined) byFact.set(fact, { fact, parts: [part], boxes: [box], places: [0] });
      else addPart(known, part, box);
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

/** As many parts as are looked back at for one that another box of the same rule has too. */
const RECENT = 8;

function addPart({ parts, boxes, places }: FactParts, part: Part, box: number): void {
  let place = parts.length - 1;
  while (place >= 0 && place >= parts.length - RECENT && parts[place] !== part) place -= 1;
  if (parts[place] !== part) place = parts.push(part) - 1;
  boxes.push(box);
  places.push(place);
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

/** Columns whose sets are too coarse for a box, and the segments that are really its own; column by column. */
type FoundCoarse = { readonly boxes: number[]; readonly columns: number[]; readonly regions: Region[] };

type Placed = { readonly constraints: Constraints; readonly rows: Rows };

/** Notes the boxes of which a column with coarse sets does not say it all. */
function* noteCoarse(found: FoundCoarse, column: number, { constraints, rows }: Placed): InSlices<undefined> {
  if (rows.grain === 1) return;
  const pace: Pace = { work: 0 };
  for (const { box, region } of constraints.constrained) {
    if (isDue(pace, 1 + region.length)) yield;
    if (isKept(region, rows)) continue;
    found.boxes.push(box);
    found.columns.push(column);
    found.regions.push(region);
  }
}

/** The same box by box; undefined when there are none. */
function* byBox(
  { boxes, columns, regions }: FoundCoarse,
  count: number,
): InSlices<CoarseRegions | undefined> {
  if (boxes.length === 0) return undefined;
  const pace: Pace = { work: 0 };
  const ends = new Int32Array(count + 1);
  for (const box of boxes) {
    ends[box] = (ends[box] ?? 0) + 1;
    if (isDue(pace)) yield;
  }
  for (let box = 1; box <= count; box++) ends[box] = (ends[box] ?? 0) + (ends[box - 1] ?? 0);
  const own = { columns: new Int32Array(boxes.length), regions: new Array<Region>(boxes.length) };
  // From its end down, each box's part is filled, and its end so becomes its start.
  for (const [i, box] of boxes.entries()) {
    const at = (ends[box] ?? 0) - 1;
    ends[box] = at;
    own.columns[at] = columns[i] ?? 0;
    own.regions[at] = regions[i] ?? [];
    if (isDue(pace)) yield;
  }
  return { starts: ends, ...own };
}
