import type { UnreadableUsage } from '../simulation/recorded-usage.js';

/** A cell as it was written; of NDJSON also a list, and undefined where the object has no such key or null under it. */
export type Cell = string | readonly string[] | undefined;

/** One row of a file, or why it cannot be read. */
export type Row = ReadableRow | UnreadableUsage;
/** `line` is where it starts, from 1. */
export type ReadableRow = { readonly line: number; readonly cells: readonly Cell[] };

/** Characters of a row, line ends in its cells included. */
export const LONGEST_ROW = 1024 * 1024;

export function tooLong(line: number): UnreadableUsage {
  return { line, about: 'too_long', why: `the row has more than ${LONGEST_ROW} characters` };
}
