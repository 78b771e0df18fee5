import { readSync } from 'node:fs';
import { RatebookError } from '../../errors/error.js';
import type { Row } from '../../intake/row.js';
import { openRows } from '../../intake/usage-rows.js';
import type { UsageSource } from '../simulate/job.js';
import { readRows } from '../simulate/read-rows.js';
import { type UseFormat, readUse } from './read-uses.js';

const LINE_FEED = 0x0a;

/**
 * Where the last row starts when no line break follows it, and when it would also read well with its end cut off: that of
 * a CSV file. Undefined for every other file. Throws INVALID_REQUEST when such a row cannot be read, so that the file has
 * been cut, and rows get their ids from its content: those of the whole file would all be rated once more.
 */
export function openLastLine(name: string, source: UsageSource, how: UseFormat): number | undefined {
  if (endsWithBreak(source)) return undefined;
  const { last, hasMadeIds } = readAll(source, how);
  if (last === undefined) return undefined;
  const use = readUse(last, how);
  if (!('reason' in use)) return source.kind === 'csv' ? use.line : undefined;
  if (!hasMadeIds) return undefined;
  throw new RatebookError(
    'INVALID_REQUEST',
    `${name} is cut in its last line, ${use.line}, which has no line break: ${use.message}. ` +
      'Nothing was imported, since rows without a usage_id would be rated again with the whole file; import that.',
  );
}

function endsWithBreak({ descriptor, size }: UsageSource): boolean {
  const end = Buffer.alloc(1);
  return readSync(descriptor, end, 0, 1, size - 1) === 0 || end[0] === LINE_FEED;
}

/** The last row, and whether any has no usage_id of its own. */
function readAll(source: UsageSource, { format: { columns } }: UseFormat): Read {
  const rows = openRows(source.kind, source.keys);
  let last: Row | undefined;
  let hasMadeIds = false;
  for (const { taken } of readRows(source, rows)) {
    last = taken.at(-1) ?? last;
    hasMadeIds ||= taken.some((row) => 'cells' in row && (row.cells[columns.usageId ?? -1] ?? '') === '');
  }
  return { last, hasMadeIds };
}

type Read = { readonly last: Row | undefined; readonly hasMadeIds: boolean };
