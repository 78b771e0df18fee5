import { RatebookError, type Violation, violationError } from '../errors/error.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { type Decimal, ZERO, parseDecimal } from '../money/decimal.js';
import { parseCsv } from '../strategy/source/csv.js';
import type { SourceFile } from '../strategy/source/source.js';
import { type Instant, parseInstant } from '../time/instant.js';

/** One call of a language model, as it was recorded. */
export type TokenUsage = {
  readonly model: string;
  readonly at: Instant;
  readonly input: Decimal;
  readonly cached: Decimal;
  readonly output: Decimal;
};

/** Column titles that are understood, in lower case. */
const TITLES = {
  at: ['occurred_at', 'timestamp'],
  input: ['input_tokens', 'contexttokens'],
  output: ['output_tokens', 'generatedtokens'],
  cached: ['cached_tokens'],
  model: ['model'],
} as const;
type Column = keyof typeof TITLES;

const MOST_VIOLATIONS = 20;

/**
 * Reads recorded calls from a CSV file with titles: an instant, input and output tokens, and perhaps cached tokens and a
 * model (`model` unless the file has such a column). Throws INVALID_REQUEST with the first rows that cannot be read.
 */
export function readTokenUsage({ name, text }: SourceFile, model: string): readonly TokenUsage[] {
  const { rows, faults } = parseCsv(text);
  const violations: Violation[] = faults.map(({ line, message }) => ({
    field: `${name}:${line}`,
    description: message,
  }));
  const [titles, ...data] = rows;
  const columns = columnsOf(titles?.cells ?? []);
  if (!columns.ok) throw new RatebookError('INVALID_REQUEST', `${name} ${columns.why}.`);
  const usages: TokenUsage[] = [];
  for (const { line, cells } of data) {
    const usage = readRow(cells, columns.value, model);
    if (usage.ok) usages.push(usage.value);
    else if (violations.length < MOST_VIOLATIONS)
      violations.push({ field: `${name}:${line}`, description: usage.why });
  }
  if (violations.length > 0) throw violationError('INVALID_REQUEST', violations);
  return usages;
}

type Columns = ReadonlyMap<Column, number>;

function columnsOf(titles: readonly string[]): Parsed<Columns> {
  const lower = titles.map((title) => title.trim().toLowerCase());
  const columns = new Map<Column, number>();
  for (const column of ['at', 'input', 'output', 'cached', 'model'] as const) {
    const index = lower.findIndex((title) => TITLES[column].some((known) => known === title));
    if (index >= 0) columns.set(column, index);
  }
  const missing = (['at', 'input', 'output'] as const).filter((column) => !columns.has(column));
  if (missing.length === 0) return parsed(columns);
  return refused(
    `has no column ${missing.map((column) => TITLES[column][0]).join(', ')}; its titles are ${titles.join(', ')}`,
  );
}

function readRow(cells: readonly string[], columns: Columns, model: string): Parsed<TokenUsage> {
  const cell = (column: Column) => cells[columns.get(column) ?? -1]?.trim();
  const at = parseInstant(withOffset(cell('at') ?? ''));
  const input = parseDecimal(cell('input') ?? '');
  const output = parseDecimal(cell('output') ?? '');
  const cached = parsedOr(cell('cached'), ZERO);
  if (!at.ok) return at;
  if (!input.ok) return input;
  if (!output.ok) return output;
  if (!cached.ok) return cached;
  return parsed({
    model: cell('model') ?? model,
    at: at.value,
    input: input.value,
    output: output.value,
    cached: cached.value,
  });
}

/** A time that names no zone is taken as UTC, as the published traces mean it. */
function withOffset(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}

function parsedOr(text: string | undefined, otherwise: Decimal): Parsed<Decimal> {
  return text === undefined || text === '' ? parsed(otherwise) : parseDecimal(text);
}
