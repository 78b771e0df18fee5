import { createHash } from 'node:crypto';
import { type UsageFormat, readUsage } from '../../intake/recorded-usage.js';
import type { ReadableRow, Row } from '../../intake/row.js';
import { accountName } from '../../services/rating/client.js';
import { resourceName } from '../../strategy/revision-name.js';
import { toProtoUsage } from '../fact-message.js';
import type { UsageSource } from '../simulate/job.js';
import { readPieces } from '../simulate/read-rows.js';
import type { Sent } from './batches.js';
import type { Rejected } from './rejected-file.js';

/** How a row becomes a use. */
export type UseFormat = {
  readonly format: UsageFormat;
  readonly strategy: string;
  /** Whose use it is, where the rows do not say. */
  readonly account: string;
  /** What the ids of uses begin with that have none of their own. */
  readonly idPrefix: string;
};

/** Digits of the hash in an id: 128 bits, so that two files never share one. */
const ID_DIGITS = 32;

/** The same for the same bytes: a file that is read again has the ids that it had. */
export function idPrefixOf(source: UsageSource): string {
  const hash = createHash('sha256');
  for (const piece of readPieces(source)) hash.update(piece);
  return hash.digest('hex').slice(0, ID_DIGITS);
}

/** A use as it is sent, or why the row is none. */
export function readUse(row: Row, how: UseFormat): Sent | Rejected {
  if ('why' in row) return unreadable(row);
  const usage = readUsage(row, how.format);
  if ('why' in usage) return unreadable(usage);
  // Whoever writes events may name the account as the service does.
  const account = usage.account === '' ? how.account : usage.account.replace(/^accounts\//, '');
  const { occurredAt, facts } = toProtoUsage(usage.facts);
  const message = {
    occurredAt,
    facts,
    account: accountName(account),
    usageId: usage.id ?? `${how.idPrefix}-${row.line}`,
    strategy: resourceName({ strategy: how.strategy }),
  };
  return { line: row.line, account, message, size: sizeOf(row) };
}

function unreadable({ line, why }: { readonly line: number; readonly why: string }): Rejected {
  return { line, reason: 'UNREADABLE', message: why };
}

function sizeOf({ cells }: ReadableRow): number {
  return cells.reduce((size, cell) => size + (cell === undefined ? 0 : cell.length), 0);
}
