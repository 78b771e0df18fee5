import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { GivenFact } from '../quote/input.js';
import type { RecordedUsage, UnreadableUsage } from '../simulation/recorded-usage.js';
import { shorten } from '../strategy/fact-value.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { type Fold, isLocal, parseLocalInstant } from '../time/local-instant.js';
import { parseJsonList } from './json-line.js';
import type { Cell, ReadableRow } from './row.js';
import type { FactColumn, UsageColumns } from './usage-columns.js';

/** How the rows of one file are read. */
export type UsageFormat = {
  readonly columns: UsageColumns;
  /** The zone of times that name no offset; such a time is refused without one. */
  readonly zone?: string;
  /** Which of two a time of the zone is that clocks showed twice; such a time is refused unless given. */
  readonly fold?: Fold;
  /** Facts that every usage has; a row's own cell comes before. */
  readonly constants: ReadonlyMap<string, GivenFact>;
};

type Cells = readonly Cell[];

/** The account of a row, for a reader that has to know it before it reads the rest. */
export function accountOf(cells: Cells, { account }: UsageColumns): Parsed<string> {
  if (account === undefined) return parsed('');
  const cell = cells[account];
  return typeof cell === 'string' && cell !== '' ? parsed(cell) : refused('the account is not there');
}

/**
 * Reads a usage from a row that has one. An empty cell is a fact that was not sent; whether the others are facts is for
 * the documents to say.
 */
export function readUsage(
  { line, cells }: ReadableRow,
  { columns, zone, fold, constants }: UsageFormat,
): RecordedUsage | UnreadableUsage {
  const account = accountOf(cells, columns);
  if (!account.ok) return { line, about: 'account', why: account.why };
  const facts = new Map(constants);
  const at = columns.occurredAt === undefined ? undefined : cells[columns.occurredAt];
  if (at !== undefined && at !== '') {
    const instant = instantOf(at, zone, fold);
    if (!instant.ok) return { line, about: 'occurred_at', why: `occurred_at: ${instant.why}` };
    facts.set('occurred_at', { kind: 'instant', at: instant.value });
  }
  for (const column of columns.facts) {
    const given = givenFact(cells[column.column], column);
    if (given !== undefined) facts.set(column.fact, given);
  }
  const id = columns.usageId === undefined ? undefined : cells[columns.usageId];
  if (typeof id === 'object') return { line, about: 'usage_id', why: 'usage_id: a list is no id' };
  return { account: account.value, ...(id && { id }), line, facts };
}

/** An instant with its offset, or a time of the zone. Many programs write a blank where RFC 3339 has a T. */
function instantOf(cell: string | readonly string[], zone?: string, fold?: Fold): Parsed<Instant> {
  if (typeof cell !== 'string') return refused('a list is no instant');
  if (!isLocal(cell)) return parseInstant(cell.replace(/^(\S{10}) (?=\S)/, '$1T'));
  if (zone !== undefined) return parseLocalInstant(cell, zone, fold);
  return refused(`"${shorten(cell)}" has no offset from UTC; say which zone it is of, such as --zone UTC`);
}

/** A list in a CSV cell is written as JSON; a text that is none is left for the document to refuse. */
function givenFact(cell: Cell, { isList }: FactColumn): GivenFact | undefined {
  if (cell === undefined || cell === '') return undefined;
  if (typeof cell !== 'string') return { kind: 'list', texts: cell };
  const texts = isList ? parseJsonList(cell) : undefined;
  return texts === undefined ? { kind: 'text', text: cell } : { kind: 'list', texts };
}
