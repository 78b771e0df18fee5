import type { InSlices } from './in-slices.js';
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
  /** 0 where the words are too few for one; then `all` stands for it. */
  readonly summary: number;
  /** A bit for each word, of the first 31. */
  readonly all: number;
};

/** To look at so few words takes less time than to look at their summary first. */
const WITHOUT_SUMMARY = 2;

export function widthOf(boxes: number): Width {
  const words = Math.max(1, Math.ceil(boxes / 32));
  return {
    words,
    summary: words <= WITHOUT_SUMMARY ? 0 : Math.ceil(words / 32),
    all: 2 ** Math.min(words, 31) - 1,
  };
}

export function noSets(boxes: number): Sets {
  return { width: widthOf(boxes), words: new Int32Array(0), used: 0 };
}

/** The segments of one fact in which each box can match; a box that is not named can match in all of them. */
export type Constraints = {
  readonly segments: number;
  readonly boxes: number;
  readonly constrained: readonly { readonly box: number; readonly region: Region }[];
};

/** Sets for every segment, or, when more than `most` would differ, one set for each group of neighbours: their union. */
export function* rowsOf(constraints: Constraints, sets: Sets, most: number): InSlices<Rows> {
  const { used } = sets;
  const fine = yield* sweep(constraints, sets, { grain: 1, most });
  if (fine !== undefined) return fine;
  sets.words.fill(0, used, sets.used);
  sets.used = used;
  const grain = Math.ceil(constraints.segments / most);
  const coarse = yield* sweep(constraints, sets, { grain, most: constraints.segments });
  if (coarse === undefined) throw new Error('more sets of boxes than segments');
  return coarse;
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

type Sweep = { readonly grain: number; readonly most: number };

/** Words that are written between two stops. */
const WRITTEN_AT_ONCE = 250_000;

/** Walks along the segments and toggles the boxes whose intervals begin or end there; undefined when sets are too many. */
function* sweep(constraints: Constraints, sets: Sets, { grain, most }: Sweep): InSlices<Rows | undefined> {
  const { segments } = constraints;
  const { width } = sets;
  const groups = Math.ceil(segments / grain);
  const { starts, toggled } = yield* togglesOf(constraints, grain, groups);
  const current = unconstrained(constraints, width);
  const known = new Map<number, number>();
  const full = sets.used + most * (width.words + width.summary);
  const offsets = new Int32Array(segments);
  let [hash, offset, written] = [0, 0, 0];
  for (let group = 0; group < groups; group++) {
    const [start, end] = [starts[group] ?? 0, starts[group + 1] ?? 0];
    for (let i = start; i < end; i++) {
      const box = toggled[i] ?? 0;
      current[box >>> 5] = (current[box >>> 5] ?? 0) ^ (1 << (box & 31));
      hash ^= mixed(box);
    }
    if (start < end || group === 0) {
      offset = keep(sets, known, { current, hash });
      if (sets.used > full) return undefined;
      written += width.words;
    }
    offsets.fill(offset, group * grain, (group + 1) * grain);
    if (written > WRITTEN_AT_ONCE) {
      written = 0;
      yield;
    }
  }
  return { offsets, grain };
}

type Toggles = { readonly starts: Int32Array; readonly toggled: Int32Array };

/** The boxes to toggle at each group: `toggled` from `starts[group]` to `starts[group + 1]`. */
function* togglesOf({ constrained }: Constraints, grain: number, groups: number): InSlices<Toggles> {
  const starts = new Int32Array(groups + 2);
  const coarse: Region[] = [];
  for (const [i, { region }] of constrained.entries()) {
    const own = coarsen(region, grain);
    coarse.push(own);
    for (const end of own) starts[end + 1] = (starts[end + 1] ?? 0) + 1;
    if (i % 5000 === 0) yield;
  }
  for (let group = 1; group < starts.length; group++) {
    starts[group] = (starts[group] ?? 0) + (starts[group - 1] ?? 0);
  }
  const next = starts.slice();
  const toggled = new Int32Array(starts.at(-1) ?? 0);
  for (const [i, { box }] of constrained.entries()) {
    for (const end of coarse[i] ?? []) {
      const at = next[end] ?? 0;
      toggled[at] = box;
      next[end] = at + 1;
    }
    if (i % 5000 === 0) yield;
  }
  return { starts, toggled };
}

function unconstrained({ boxes, constrained }: Constraints, { words }: Width): Int32Array {
  const set = new Int32Array(words).fill(-1);
  const last = boxes & 31;
  if (last > 0) set[words - 1] = (1 << last) - 1;
  if (boxes === 0) set[0] = 0;
  for (const { box } of constrained) set[box >>> 5] = (set[box >>> 5] ?? 0) & ~(1 << (box & 31));
  return set;
}

type Row = { readonly current: Int32Array; readonly hash: number };

/** Where the set begins: where an equal one was written before, else at the end. `known` has offsets by hash. */
function keep(sets: Sets, known: Map<number, number>, { current, hash }: Row): number {
  const { words, summary } = sets.width;
  const earlier = known.get(hash);
  if (earlier !== undefined && isSame(sets.words, earlier + summary, current)) return earlier;
  const offset = sets.used;
  sets.used += summary + words;
  if (sets.used > sets.words.length) {
    const grown = new Int32Array(2 * sets.used);
    grown.set(sets.words);
    sets.words = grown;
  }
  sets.words.set(current, offset + summary);
  for (let word = 0; word < words && summary > 0; word++) {
    if (current[word] === 0) continue;
    const at = offset + (word >>> 5);
    sets.words[at] = (sets.words[at] ?? 0) | (1 << (word & 31));
  }
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
