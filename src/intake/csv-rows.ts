import { csvCursor, isBlank, readCsvRow, wrongWidth, type CsvCursor } from '../strategy/source/csv.js';
import { findUnreadable } from '../strategy/source/unreadable.js';
import { LONGEST_ROW, type Row, tooLong } from './row.js';

/** A CSV text that comes in pieces. */
export type CsvStream = {
  /** The beginning of a row whose end has not come yet. */
  rest: string;
  /** Of the file: the one on which the next row starts. */
  line: number;
  /** Cells of the first row; 0 before it has come. */
  width: number;
  /** Inside of a row that is too long; its end is what comes next. */
  skipping: boolean;
};

export function openCsv(): CsvStream {
  return { rest: '', line: 1, width: 0, skipping: false };
}

/**
 * The rows that end in the next piece of a CSV text, which is to be read as `parseCsv` reads a whole one; the titles are
 * the first of all. Nothing is left out but blank lines: what is no row is told of in its place. With the `last` piece
 * the text ends.
 */
export function takeCsv(stream: CsvStream, piece: string, last: boolean): readonly Row[] {
  const text = skipLongRow(stream, stream.rest + withoutMark(stream, piece));
  const rows: Row[] = [];
  const end = (isPlain(text) ? splitLines : readRows)(stream, { text, last }, rows);
  stream.rest = text.slice(end);
  if (stream.rest.length > LONGEST_ROW) {
    rows.push(tooLong(stream.line));
    stream.rest = '';
    stream.skipping = true;
  }
  return rows;
}

type Piece = { readonly text: string; readonly last: boolean };

/** The byte order mark before the first row. */
function withoutMark({ line, rest, width }: CsvStream, piece: string): string {
  const isFirst = line === 1 && width === 0 && rest === '';
  return isFirst && piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
}

/** The text after the end of a row that was too long to be kept. */
function skipLongRow(stream: CsvStream, text: string): string {
  if (!stream.skipping) return text;
  const end = text.indexOf('\n');
  if (end < 0) return '';
  stream.skipping = false;
  stream.line++;
  return text.slice(end + 1);
}

/** Whether lines are rows and commas part cells. Nearly every recording is so from end to end, and it takes a tenth of the time. */
function isPlain(text: string): boolean {
  return !text.includes('"') && !/\r[^\n]/.test(text) && findUnreadable(text) === undefined;
}

/** Reads the rows of a plain text; returns where the first one starts that has no end yet. */
function splitLines(stream: CsvStream, { text, last }: Piece, rows: Row[]): number {
  let at = 0;
  while (at < text.length) {
    const lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0 && !last) break;
    const end = lineEnd < 0 ? text.length : lineEnd;
    const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    if (!isBlank(line)) rows.push(rowOf(stream, line.split(',')));
    stream.line++;
    at = end + 1;
  }
  return Math.min(at, text.length);
}

/** As `splitLines` of any text, cell by cell. */
function readRows(stream: CsvStream, { text, last }: Piece, rows: Row[]): number {
  let at = 0;
  while (at < text.length) {
    const cursor = csvCursor(text, { at, line: stream.line, longestCell: LONGEST_ROW });
    const cells = readCsvRow(cursor);
    if (!last && !isWhole(cursor) && text.length - at <= LONGEST_ROW) return at;
    if (cursor.unclosed) {
      // All that follows would be one cell. The quote is at fault, so the lines after this one are rows again.
      at = skipLine(stream, text, at, rows);
      continue;
    }
    if (!last && !isWhole(cursor)) return at;
    const [fault] = cursor.faults;
    if (fault !== undefined) rows.push({ line: stream.line, about: fault.kind, why: fault.message });
    else if (!isBlank(text.slice(at, cursor.at))) rows.push(rowOf(stream, cells));
    stream.line = cursor.line;
    at = cursor.at;
  }
  return at;
}

/** Whether a row cannot go on in the next piece; after a CR at the end an LF may follow. */
function isWhole({ text, at, unclosed }: CsvCursor): boolean {
  return !unclosed && (at < text.length || text.endsWith('\n'));
}

function skipLine(stream: CsvStream, text: string, at: number, rows: Row[]): number {
  rows.push({ line: stream.line, about: 'quote', why: 'a quoted cell is opened here and never closed' });
  stream.line++;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function rowOf(stream: CsvStream, cells: readonly string[]): Row {
  const { line } = stream;
  if (stream.width === 0) stream.width = cells.length;
  return cells.length === stream.width
    ? { line, cells }
    : { line, about: 'width', why: wrongWidth(cells.length, stream.width) };
}
