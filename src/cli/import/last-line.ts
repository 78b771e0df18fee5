import { readSync } from 'node:fs';
import { RatebookError } from '../../errors/error.js';
import type { Row } from '../../intake/row.js';
import { openRows } from '../../intake/usage-rows.js';
import type { UsageSource } from '../simulate/job.js';
import { readPieces, readRows } from '../simulate/read-rows.js';
import { type UseFormat, readUse } from './read-uses.js';

const LINE_FEED = 0x0a;

const QUOTE = 0x22;

/**
 * Where the last row starts when no line break follows it, and when it would also read well with its end cut off: that of
 * a CSV file. Undefined for every other file. Throws INVALID_REQUEST when such a row cannot be read, or a quoted cell has
 * no end, so that the file has been cut, and rows get their ids from its content: those of the whole file would all be
 * rated once more.
 */
export function openLastLine(name: string, source: UsageSource, how: UseFormat): number | undefined {
  const isEnded = endsWithBreak(source);
  if (isEnded && !hasOddQuotes(source)) return undefined;
  const { last, unclosed, hasMadeIds } = readAll(source, how);
  if (isEnded) {
    if (unclosed !== undefined && hasMadeIds)
      throw isCut(`${name} has a quoted cell that is opened in line ${unclosed} and never closed`);
    return undefined;
  }
  if (last === undefined) return undefined;
  const use = readUse(last, how);
  if (!('reason' in use)) return source.kind === 'csv' ? use.line : undefined;
  if (!hasMadeIds) return undefined;
  throw isCut(`${name} is cut in its last line, ${use.line}, which has no line break: ${use.message}`);
}

function isCut(what: string): RatebookError {
  return new RatebookError(
    'INVALID_REQUEST',
    `${what}. Nothing was imported, since rows without a usage_id would be rated again with the whole file; import that.`,
  );
}

function endsWithBreak({ descriptor, size }: UsageSource): boolean {
  const end = Buffer.alloc(1);
  return readSync(descriptor, end, 0, 1, size - 1) === 0 || end[0] === LINE_FEED;
}

/** A file that is cut within a quoted cell may end with a line break of that cell. Rows are read only where this tells. */
function hasOddQuotes(source: UsageSource): boolean {
  if (source.kind !== 'csv') return false;
  let isOdd = false;
  for (const piece of readPieces(source))
    for (let at = piece.indexOf(QUOTE); at >= 0; at = piece.indexOf(QUOTE, at + 1)) isOdd = !isOdd;
  return isOdd;
}

/** The last row, the line of a quoted cell without an end, and whether any row has no usage_id of its own. */
function readAll(source: UsageSource, { format: { columns } }: UseFormat): Read {
  const rows = openRows(source.kind, source.keys);
  let last: Row | undefined;
  let unclosed: number | undefined;
  let hasMadeIds = false;
  for (const { taken } of readRows(source, rows)) {
    last = taken.at(-1) ?? last;
    for (const row of taken) {
      if ('cells' in row) hasMadeIds ||= (row.cells[columns.usageId ?? -1] ?? '') === '';
      else if (row.about === 'quote') unclosed = row.line;
    }
  }
  return { last, unclosed, hasMadeIds };
}

type Read = {
  readonly last: Row | undefined;
  readonly unclosed: number | undefined;
  readonly hasMadeIds: boolean;
};
