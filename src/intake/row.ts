/** A cell as it was written; of NDJSON also a list, and undefined where the object has no such key or null under it. */
export type Cell = string | readonly string[] | undefined;

/** One row of a file, or in one sentence why it cannot be read. `line` is where it starts, from 1. */
export type Row =
  | { readonly line: number; readonly cells: readonly Cell[] }
  | { readonly line: number; readonly why: string };

/** Characters of a row, line ends in its cells included. */
export const LONGEST_ROW = 1024 * 1024;

/** What is wrong with a row that is longer. */
export const TOO_LONG = `the row has more than ${LONGEST_ROW} characters`;
