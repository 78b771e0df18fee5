import { shorten } from '../fact-value.js';
import { findUnreadable } from './unreadable.js';

/** One row of a CSV file; `line` is where it starts, from 1 (a quoted cell may run over several lines). */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };
export type CsvFault = { readonly kind: CsvFaultKind; readonly line: number; readonly message: string };
/** `too_long`: of a cell, or of the file. */
export type CsvFaultKind = 'width' | 'quote' | 'character' | 'too_long';
export type Csv = { readonly rows: readonly CsvRow[]; readonly faults: readonly CsvFault[] };

/** Rate decks of the largest carriers have some 100,000 rows. */
const MOST_ROWS = 200_000;
const LONGEST_CELL = 1_000;
/** A file of the wrong kind has a fault on every line; nobody reads more than these. */
const MOST_FAULTS = 100;

/** Where a reader stands in a text. */
export type CsvCursor = {
  readonly text: string;
  at: number;
  line: number;
  readonly faults: CsvFault[];
  /** The text ended inside a quoted cell. */
  unclosed: boolean;
  /** Characters that a cell may have. */
  readonly longestCell: number;
};

type Start = Pick<CsvCursor, 'at' | 'line' | 'longestCell'>;

/** A reader at an offset of a text, on a line of the file that the text is of. */
export function csvCursor(text: string, start: Start): CsvCursor {
  return { ...start, text, faults: [], unclosed: false };
}

/**
 * Reads a CSV text (RFC 4180; any line ends, with or without a byte order mark), its header as the first row. Spaces
 * belong to the cell. Blank lines are ignored. Every row returned has as many cells as the first; one that has not is
 * a fault and left out.
 */
export function parseCsv(text: string): Csv {
  const cursor = csvCursor(text, {
    at: text.startsWith('\uFEFF') ? 1 : 0,
    line: 1,
    longestCell: LONGEST_CELL,
  });
  const rows: CsvRow[] = [];
  while (cursor.at < cursor.text.length) {
    const line = cursor.line;
    const before = cursor.at;
    const cells = readCsvRow(cursor);
    if (isBlank(cursor.text.slice(before, cursor.at))) continue;
    const width = rows[0]?.cells.length ?? cells.length;
    if (cells.length === width) rows.push({ line, cells });
    else fault(cursor, 'width', line, wrongWidth(cells.length, width));
    if (rows.length > MOST_ROWS) {
      rows.pop();
      fault(cursor, 'too_long', line, `the file has more than ${MOST_ROWS} rows; the rest was not read`);
      break;
    }
    if (cursor.faults.length >= MOST_FAULTS) {
      fault(cursor, 'too_long', line, `the file has ${MOST_FAULTS} faults up to here; the rest was not read`);
      break;
    }
  }
  return { rows, faults: cursor.faults };
}

/** A line that no reader counts as a row. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** What is wrong with a row of so many cells under a header of `width`. */
export function wrongWidth(cells: number, width: number): string {
  return `the row has ${count(cells, 'cell')}, the first one has ${width}`;
}

/** Reads the cells of one row, up to and with the end of its line. What is wrong with them goes to the cursor's faults. */
export function readCsvRow(cursor: CsvCursor): string[] {
  const cells = [readCell(cursor)];
  while (cursor.text[cursor.at] === ',') {
    cursor.at++;
    cells.push(readCell(cursor));
  }
  skipLineEnd(cursor);
  return cells;
}

function readCell(cursor: CsvCursor): string {
  const line = cursor.line;
  const cell = cursor.text[cursor.at] === '"' ? readQuoted(cursor) : readPlain(cursor);
  if (cell.length > cursor.longestCell) {
    fault(
      cursor,
      'too_long',
      line,
      `a cell has ${cell.length} characters, the most is ${cursor.longestCell}`,
    );
    return '';
  }
  const unreadable = findUnreadable(cell);
  if (unreadable === undefined) return cell;
  fault(
    cursor,
    'character',
    line,
    `a cell has the character ${unreadable.code}; the file is plain text in UTF-8`,
  );
  return '';
}

/** Up to where an unquoted cell goes. Sticky, so that it looks from `lastIndex` on without copying the text. */
const PLAIN = /[^,\r\n]*/y;

function takePlain(cursor: CsvCursor): string {
  PLAIN.lastIndex = cursor.at;
  const run = PLAIN.exec(cursor.text)?.[0] ?? '';
  cursor.at += run.length;
  return run;
}

function readPlain(cursor: CsvCursor): string {
  const cell = takePlain(cursor);
  if (cell.includes('"')) {
    fault(
      cursor,
      'quote',
      cursor.line,
      `a quote stands inside the cell ${shorten(cell)}; quote the whole cell and double the quote`,
    );
  }
  return cell;
}

function readQuoted(cursor: CsvCursor): string {
  const opened = cursor.line;
  let cell = '';
  for (;;) {
    const start = cursor.at + 1;
    const end = cursor.text.indexOf('"', start);
    if (end < 0) {
      cursor.at = cursor.text.length;
      cursor.unclosed = true;
      fault(cursor, 'quote', opened, 'a quoted cell is opened here and never closed');
      return cell;
    }
    const piece = cursor.text.slice(start, end);
    cell += piece;
    cursor.line += lineEnds(piece);
    cursor.at = end + 1;
    if (cursor.text[cursor.at] !== '"') break;
    cell += '"';
  }
  const rest = takePlain(cursor);
  if (rest !== '')
    fault(
      cursor,
      'quote',
      cursor.line,
      `${shorten(rest)} follows a closing quote; a comma or the end of the line belongs there`,
    );
  return cell;
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function skipLineEnd(cursor: CsvCursor): void {
  if (cursor.at >= cursor.text.length) return;
  cursor.at += cursor.text.startsWith('\r\n', cursor.at) ? 2 : 1;
  cursor.line++;
}

function fault(cursor: CsvCursor, kind: CsvFaultKind, line: number, message: string): void {
  cursor.faults.push({ kind, line, message });
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
