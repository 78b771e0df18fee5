import { openCsv, takeCsv, type CsvStream } from './csv-rows.js';
import { openNdjson, takeNdjson, type NdjsonStream } from './ndjson-rows.js';
import type { Row } from './row.js';

/** CSV with titles, or an object on each line. */
export type UsageFileKind = 'csv' | 'ndjson';

/** The rows of usage in a text that comes in pieces. */
export type UsageRows =
  | { readonly kind: 'csv'; readonly stream: CsvStream }
  | { readonly kind: 'ndjson'; readonly stream: NdjsonStream };

/** What the name of a file says of it, or else how its text begins. */
export function kindOfFile(name: string, head: string): UsageFileKind {
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  return /^\uFEFF?\s*\{/.test(head) ? 'ndjson' : 'csv';
}

/** `keys` are what is read from each object; of CSV every cell is read. */
export function openRows(kind: UsageFileKind, keys: readonly string[]): UsageRows {
  return kind === 'csv' ? { kind, stream: openCsv() } : { kind, stream: openNdjson(keys) };
}

/** The rows that end in the next piece of the text, without the titles. */
export function takeRows(rows: UsageRows, piece: string, last: boolean): readonly Row[] {
  if (rows.kind === 'ndjson') return takeNdjson(rows.stream, piece, last);
  const untitled = rows.stream.width === 0;
  const taken = takeCsv(rows.stream, piece, last);
  return untitled ? taken.slice(1) : taken;
}
