import { type InSlices, type Pace, isDue } from './in-slices.js';
import { type Region, eachInterval, extend } from './region.js';

/**
 * Sets of boxes as bits, one after the other. A set is `width.words` words, box 0 the lowest bit of the first, after a
 * summary of `width.summary` words: one bit for each word that is not 0.
 */
export type Sets = { readonly width: Width; words: Int32Array; used: number };

/** The set of boxes that each segment of a fact lets through. Equal sets of one fact are kept once. */
export type Rows = {
  /** By segment: where its set begins. */
  readonly offsets: Int32Array;
  /** Segments that share a set at least, from 0 in groups of so many: 1 unless there were too many sets. */
  readonly grain: number;
};

export type Width = {
  readonly words: number;
  /** 0 where the words are too few for one. */
  readonly summary: number;
};

/** To look at so few words takes less time than to look at their summary first. */
const WITHOUT_SUMMARY = 2;

export function widthOf(boxes: number): Width {
  const words = Math.max(1, Math.ceil(boxes / 32));
  return { words, summary: words <= WITHOUT_SUMMARY ? 0 : Math.ceil(words / 32) };
}

/** Room for so many sets. */
export function roomFor(sets: number, width: Width): Sets {
  return { width, words: new Int32Array(sets * (width.summary + width.words)), used: 0 };
}

/** The segments of one fact in which each box can match; a box that is not named can match in all of them. */
export type Constraints = {
  readonly segments: number;
  readonly boxes: number;
  readonly constrained: readonly { readonly box: number; readonly region: Region }[];
};

/** What is to be written for one fact. */
export type RowPlan = {
  readonly constraints: Constraints;
  readonly grain: number;
  readonly toggles: Toggles;
  /** Sets that will differ, as far as their hashes tell. */
  readonly sets: number;
};

/** Plans a set for every segment, or, when more than `most` would differ, one for each group of neighbours: their union. */
export function* planRows(constraints: Constraints, most: number): InSlices<RowPlan> {
  const { segments } = constraints;
  const fine = yield* planOf(constraints, 1, most);
  return fine ?? (yield* planOf(constraints, Math.ceil(segments / most), segments)) ?? tooMany();
}

function tooMany(): never {
  throw new Error('more sets of boxes than segments');
}

/** Whether a region begins and ends where groups do, so that the union of each group says the same of it. */
export function isKept(region: Region, { grain, offsets }: Rows): boolean {
  return region.every((end) => end % grain === 0 || end === offsets.length);
}

export function coarsen(region: Region, grain: number): Region {
  if (grain === 1) return region;
  const coarse: number[] = [];
  eachInterval(region, (from, to) => {
    extend(coarse, Math.floor(from / grain), Math.ceil(to / grain));
  });
  return coarse;
}

/** Undefined when more than `most` sets would differ. */
function* planOf(constraints: Constraints, grain: number, most: number): InSlices<RowPlan | undefined> {
  const toggles = yield* togglesOf(constraints, grain);
  const pace: Pace = { work: 0 };
  const hashes = new Set<number>();
  let hash = 0;
  for (let group = 0; group < toggles.groups; group++) {
    const [start, end] = togglesAt(toggles, group);
    for (let i = start; i < end; i++) hash ^= mixed(toggles.boxes[i] ?? 0);
    if (start < end || group === 0) hashes.add(hash);
    if (hashes.size > most) return undefined;
    if (isDue(pace, 1 + (end - start))) yield;
  }
  return { constraints, grain, toggles, sets: hashes.size };
}

/** Words that are written or compared as fast as one unit of other work is done. */
const WORDS_A_UNIT = 32;

/** Walks along the segments and toggles the boxes whose intervals begin or end there. */
export function* writeRows({ constraints, grain, toggles }: RowPlan, sets: Sets): InSlices<Rows> {
  const current = unconstrained(constraints, sets.width);
  yield;
  const wordsWork = Math.ceil(current.length / WORDS_A_UNIT);
  const known = new Map<number, number>();
  const offsets = new Int32Array(constraints.segments);
  const pace: Pace = { work: 0 };
  let [hash, offset] = [0, 0];
  for (let group = 0; group < toggles.groups; group++) {
    const [start, end] = togglesAt(toggles, group);
    for (let i = start; i < end; i++) {
      const box = toggles.boxes[i] ?? 0;
      toggle(current, box, sets.width);
      hash ^= mixed(box);
    }
    const isNew = start < end || group === 0;
    if (isNew) offset = keep(sets, known, { current, hash });
    offsets.fill(offset, group * grain, (group + 1) * grain);
    if (isDue(pace, 1 + (end - start) + (isNew ? wordsWork : 0))) yield;
  }
  return { offsets, grain };
}

/** The boxes to toggle at each group: `boxes` from `starts[group]` to `starts[group + 1]`. */
type Toggles = { readonly groups: number; readonly starts: Int32Array; readonly boxes: Int32Array };

function togglesAt({ starts }: Toggles, group: number): readonly [start: number, end: number] {
  return [starts[group] ?? 0, starts[group + 1] ?? 0];
}

function* togglesOf({ segments, constrained }: Constraints, grain: number): InSlices<Toggles> {
  const groups = Math.ceil(segments / grain);
  const starts = new Int32Array(groups + 2);
  const coarse: Region[] = [];
  const pace: Pace = { work: 0 };
  for (const { region } of constrained) {
    const own = coarsen(region, grain);
    coarse.push(own);
    for (const end of own) starts[end + 1] = (starts[end + 1] ?? 0) + 1;
    if (isDue(pace, 1 + own.length)) yield;
  }
  for (let group = 1; group < starts.length; group++) {
    starts[group] = (starts[group] ?? 0) + (starts[group - 1] ?? 0);
  }
  yield;
  const next = starts.slice();
  const boxes = new Int32Array(starts.at(-1) ?? 0);
  for (const [i, { box }] of constrained.entries()) {
    const own = coarse[i] ?? [];
    for (const end of own) {
      const at = next[end] ?? 0;
      boxes[at] = box;
      next[end] = at + 1;
    }
    if (isDue(pace, 1 + own.length)) yield;
  }
  return { groups, starts, boxes };
}

/** The set of all boxes that may match wherever the fact lies, with its summary. */
function unconstrained({ boxes, constrained }: Constraints, { words, summary }: Width): Int32Array {
  const set = new Int32Array(summary + words).fill(-1, summary);
  const last = boxes & 31;
  if (last > 0) set[summary + words - 1] = (1 << last) - 1;
  if (boxes === 0) set[summary] = 0;
  for (const { box } of constrained) {
    const at = summary + (box >>> 5);
    set[at] = (set[at] ?? 0) & ~(1 << (box & 31));
  }
  for (let word = 0; word < words; word++) summarize(set, word, summary);
  return set;
}

function toggle(set: Int32Array, box: number, { summary }: Width): void {
  const word = box >>> 5;
  set[summary + word] = (set[summary + word] ?? 0) ^ (1 << (box & 31));
  summarize(set, word, summary);
}

/** Sets the summary's bit for a word, or clears it. */
function summarize(set: Int32Array, word: number, summary: number): void {
  if (summary === 0) return;
  const bit = 1 << (word & 31);
  const others = (set[word >>> 5] ?? 0) & ~bit;
  set[word >>> 5] = set[summary + word] === 0 ? others : others | bit;
}

type Row = { readonly current: Int32Array; readonly hash: number };

/** Where the set begins: where an equal one was written before, else at the end. `known` has offsets by hash. */
function keep(sets: Sets, known: Map<number, number>, { current, hash }: Row): number {
  const earlier = known.get(hash);
  if (earlier !== undefined && isSame(sets.words, earlier, current)) return earlier;
  const offset = sets.used;
  sets.used += current.length;
  // Two sets that differ may have one hash, and then there is room for one only.
  if (sets.used > sets.words.length) {
    const grown = new Int32Array(sets.used);
    grown.set(sets.words);
    sets.words = grown;
  }
  sets.words.set(current, offset);
  known.set(hash, offset);
  return offset;
}

function isSame(bits: Int32Array, offset: number, set: Int32Array): boolean {
  for (let word = 0; word < set.length; word++) {
    if (bits[offset + word] !== set[word]) return false;
  }
  return true;
}

/** The box's own contribution to the hash of a set: the hash of a set is all of them, each toggled like its bit. */
function mixed(box: number): number {
  const spread = Math.imul(box + 1, 0x9e3779b1);
  return Math.imul(spread ^ (spread >>> 15), 0x85ebca6b);
}
