import type { Condition } from '../../strategy.js';
import { type Box, type Names, boxesOf } from './box.js';
import { type InSlices, type Pace, isDue } from './in-slices.js';

/** Boxes of one rule. */
const MOST_BOXES_OF_A_RULE = 32;
/** Boxes of all rules. */
const MOST_BOXES = 32_768;
/** Parts in all boxes; a document within its limits that needs no more boxes than rules never has so many. */
const MOST_PARTS = 150_000;

/** All rules as boxes, rule by rule. */
export type NormalForm = {
  readonly boxes: readonly Box[];
  /** By box: the position of its rule. */
  readonly owners: readonly number[];
  /** Positions of rules that would have had too many boxes, so that the index knows less of them than it could. */
  readonly cut: readonly number[];
};

export function* normalFormOf(
  rules: readonly { readonly conditions?: Condition | undefined }[],
  names: Names,
): InSlices<NormalForm> {
  const boxes: Box[] = [];
  const owners: number[] = [];
  const cut: number[] = [];
  const written = { names, boxes: new Map() };
  const pace: Pace = { work: 0 };
  let parts = 0;
  for (const [position, { conditions }] of rules.entries()) {
    // Each of the rules that follow keeps room for one box.
    const room = Math.min(MOST_BOXES_OF_A_RULE, MOST_BOXES - boxes.length - (rules.length - position - 1));
    let own = boxesOf(conditions, written, room);
    const ownParts = countParts(own.boxes);
    if (parts + ownParts > MOST_PARTS) own = { boxes: [without(conditions)], complete: false };
    parts += countParts(own.boxes);
    boxes.push(...own.boxes);
    for (let i = 0; i < own.boxes.length; i++) owners.push(position);
    if (!own.complete) cut.push(position);
    if (isDue(pace, 10 + ownParts)) yield;
  }
  return { boxes, owners, cut };
}

/** A box that no index narrows. */
function without(conditions: Condition | undefined): Box {
  return { parts: [], rest: conditions === undefined ? [] : [conditions] };
}

function countParts(boxes: readonly Box[]): number {
  return boxes.reduce((sum, { parts }) => sum + parts.length, 0);
}
