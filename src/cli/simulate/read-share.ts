import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { RatebookError } from '../../errors/error.js';
import { accountOf, readUsage } from '../../intake/recorded-usage.js';
import type { Row } from '../../intake/row.js';
import { openRows, takeRows } from '../../intake/usage-rows.js';
import type { RecordedUsage, UnreadableUsage } from '../../simulation/recorded-usage.js';
import { shareOf } from '../../simulation/share.js';
import type { Job, Part, UsageSource } from './job.js';

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
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  for (const piece of readPieces(usage)) {
    hash?.update(piece);
    bytes += piece.length;
    const last = bytes === usage.size;
    const text = decoder.write(piece) + (last ? decoder.end() : '');
    yield { ...sortRows(takeRows(rows, text, last), job), bytes };
  }
  const ignored = rows.kind === 'ndjson' ? [...rows.stream.ignored] : [];
  return { sha256: hash?.digest('hex') ?? '', ignored };
}

/** Large enough that a call of the system costs nothing, small enough that what is read stays near the processor. */
const PIECE = 64 * 1024;

/** The bytes of the file, which are overwritten by those that follow. */
function* readPieces({ descriptor, size }: UsageSource): Generator<Uint8Array> {
  const buffer = Buffer.alloc(PIECE);
  let at = 0;
  while (at < size) {
    const read = readSync(descriptor, buffer, 0, Math.min(PIECE, size - at), at);
    if (read === 0) {
      const message = `The usage file has become shorter than its ${size} bytes while it was read; run again.`;
      throw new RatebookError('INVALID_REQUEST', message);
    }
    at += read;
    yield buffer.subarray(0, read);
  }
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
