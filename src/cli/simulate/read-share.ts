import { createHash } from 'node:crypto';
import { accountOf, readUsage } from '../../intake/recorded-usage.js';
import type { Row } from '../../intake/row.js';
import { openRows } from '../../intake/usage-rows.js';
import type { RecordedUsage, UnreadableUsage } from '../../simulation/recorded-usage.js';
import { shareOf } from '../../simulation/share.js';
import type { Job, Part } from './job.js';
import { readRows } from './read-rows.js';

/** What a piece of the file has for a share. */
export type Batch = {
  readonly usages: readonly RecordedUsage[];
  readonly unreadable: readonly UnreadableUsage[];
  /** Bytes read so far. */
  readonly bytes: number;
};

/**
 * Reads the whole file and gives the usage of those accounts that are in the job's share, in the order of the file. What
 * no account can be read of is in the first share. Throws INVALID_REQUEST when the file gets shorter meanwhile.
 */
export function* readShare(job: Omit<Job, 'before' | 'after'>): Generator<Batch, Omit<Part, 'tally'>> {
  const { usage, share } = job;
  const rows = openRows(usage.kind, usage.keys);
  const hash = share === 0 ? createHash('sha256') : undefined;
  for (const { piece, bytes, taken } of readRows(usage, rows)) {
    hash?.update(piece);
    yield { ...sortRows(taken, job), bytes };
  }
  const ignored = rows.kind === 'ndjson' ? [...rows.stream.ignored] : [];
  return { sha256: hash?.digest('hex') ?? '', ignored };
}

function sortRows(
  rows: readonly Row[],
  { format, share, shares }: Omit<Job, 'before' | 'after'>,
): Omit<Batch, 'bytes'> {
  const usages: RecordedUsage[] = [];
  const unreadable: UnreadableUsage[] = [];
  const noAccount = (row: UnreadableUsage) => {
    if (share === 0) unreadable.push(row);
  };
  for (const row of rows) {
    if ('why' in row) {
      noAccount(row);
      continue;
    }
    const account = accountOf(row.cells, format.columns);
    if (!account.ok) {
      noAccount({ line: row.line, about: 'account', why: account.why });
    } else if (shareOf(account.value, shares) === share) {
      const usage = readUsage(row, format);
      if ('why' in usage) unreadable.push(usage);
      else usages.push(usage);
    }
  }
  return { usages, unreadable };
}
