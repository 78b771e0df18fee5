import type * as z from 'zod';
import { parseCsv } from '../source/csv.js';
import type { lookupSchema } from './document-schema.js';
import { isOrdered, parseFactValue, shorten } from '../fact-value.js';
import { type LookupRow, buildRows } from '../lookup-rows.js';
import { type Path, linesOf } from '../source/place.js';
import { fault, faultInFile, quoted, suggest } from '../source/report.js';
import { capitalize } from './scalar-schema.js';
import { type Scope, useFact } from './scope.js';
import type { SourceFile } from '../source/source.js';
import type { FactType, FactValue, Lookup, LookupValue } from '../strategy.js';

export type LookupSource = z.output<typeof lookupSchema>;

/** A row before its cells are converted, and how to report what is wrong with one of them. */
type RawRow = {
  readonly cells: readonly (string | null | { readonly fact: string })[];
  readonly refuse: (cell: number, message: string) => void;
  /** Where the row stands in the document; none for a row of a file. */
  readonly path?: Path;
};

type Table = {
  readonly scope: Scope;
  readonly name: string;
  readonly source: LookupSource;
  readonly types: readonly FactType[];
};

/** Names of files that a lookup may mention: beside the document or below it. */
const FILE_NAME = /^(?!\/)(?!.*\.\.)[\w][\w ./-]*$/;
export function isAttachmentName(name: string): boolean {
  return FILE_NAME.test(name);
}

/** A fact found in a table; its rows stand in the document or in one of the attachments. */
export function readLookup(
  scope: Scope,
  name: string,
  source: LookupSource,
  attachments: readonly SourceFile[],
): Lookup | undefined {
  const types = keyTypes(scope, ['lookups', name], source);
  if (types === undefined) return undefined;
  const table: Table = { scope, name, source, types };
  const raw =
    typeof source.rows === 'string'
      ? csvRows(table, source.rows, attachments)
      : inlineRows(table, source.rows);
  const otherwise = source.otherwise === undefined ? undefined : readOtherwise(table, source.otherwise);
  const rows: LookupRow[] = [];
  const kept: RawRow[] = [];
  for (const row of raw) {
    const read = readRow(table, row);
    if (read === undefined) continue;
    rows.push(read);
    kept.push(row);
  }
  const { rows: arranged, doubles } = buildRows(rows, source.match);
  for (const { second } of doubles) kept[second]?.refuse(0, 'A row with the same keys is there already.');
  return {
    kind: 'lookup',
    name,
    by: source.by,
    match: source.match,
    type: source.type,
    rows: arranged,
    ...(otherwise && { otherwise }),
  };
}

/** Types of the key facts; undefined when one of them cannot be a key. */
function keyTypes(scope: Scope, path: Path, { by, match }: LookupSource): FactType[] | undefined {
  const types = by.flatMap((fact, position): FactType[] => {
    const at = [...path, 'by', position];
    const type = useFact(scope, fact, at);
    if (by.indexOf(fact) < position) fault(scope.report, at, `\`${fact}\` is a key of this lookup already.`);
    if (type !== 'list') return type === undefined ? [] : [type];
    fault(scope.report, at, `\`${fact}\` is a list; a key has a single value.`);
    return [];
  });
  const last = types.at(-1);
  if (types.length < by.length || last === undefined) return undefined;
  const at = [...path, 'match'];
  if (match === 'longest_prefix' && last !== 'string') {
    fault(
      scope.report,
      at,
      `\`longest_prefix\` compares texts; the last key, \`${by.at(-1) ?? ''}\`, is of type ${last}.`,
    );
    return undefined;
  }
  if (match === 'up_to' && !isOrdered(last)) {
    fault(
      scope.report,
      at,
      `\`up_to\` needs values in an order; the last key, \`${by.at(-1) ?? ''}\`, is of type ${last}.`,
    );
    return undefined;
  }
  return types;
}

function inlineRows({ scope, name, source }: Table, rows: readonly RawRow['cells'][]): RawRow[] {
  const width = source.by.length + 1;
  if (source.value !== undefined) {
    const message = '`value` names a column of a CSV file; rows in the document end with their value.';
    fault(scope.report, ['lookups', name, 'value'], message);
  }
  return rows.flatMap((cells, position) => {
    const path = ['lookups', name, 'rows', position];
    if (cells.length === width) {
      const refuse = (cell: number, message: string) => {
        fault(scope.report, [...path, cell], message);
      };
      return [{ cells, refuse, path }];
    }
    const message = `The row has ${cells.length} of ${width} cells: one for each key, then the value.`;
    fault(scope.report, path, message);
    return [];
  });
}

function csvRows(table: Table, fileName: string, attachments: readonly SourceFile[]): RawRow[] {
  const { scope, name } = table;
  const path = ['lookups', name, 'rows'];
  if (!isAttachmentName(fileName)) {
    fault(scope.report, path, `\`${shorten(fileName)}\` is no name of a CSV file beside the document.`);
    return [];
  }
  const file = attachments.find((attachment) => attachment.name === fileName);
  if (file === undefined) {
    const hint = suggest(
      fileName,
      attachments.map((attachment) => attachment.name),
    );
    fault(scope.report, path, `The file \`${fileName}\` was not given.`, hint);
    return [];
  }
  const lines = linesOf(file);
  const refuse = (line: number, message: string) => {
    const start = lines.starts[line - 1] ?? 0;
    const end = lines.starts[line] ?? file.text.length;
    faultInFile(scope.report, lines, { start, end }, message);
  };
  const csv = parseCsv(file.text);
  for (const { line, message } of csv.faults) refuse(line, `${capitalize(message)}.`);
  const [header, ...rows] = csv.rows;
  const columns = columnsOf(table, fileName, header?.cells ?? []);
  if (columns === undefined) return [];
  return rows.map(({ line, cells }) => ({
    cells: columns.map((column) => cells[column] ?? ''),
    refuse: (_cell, message) => {
      refuse(line, message);
    },
  }));
}

/** Positions of the key columns, named as the facts are, and of the value's: `value`, the lookup's name or the one left. */
function columnsOf(
  { scope, name, source }: Table,
  fileName: string,
  header: readonly string[],
): number[] | undefined {
  const path = ['lookups', name];
  const missing = source.by.filter((fact) => !header.includes(fact));
  for (const fact of missing) {
    const found = header.length === 0 ? 'is empty' : `has ${quoted(header)}`;
    const message = `No column of \`${fileName}\` is called \`${fact}\`; its header ${found}.`;
    fault(scope.report, [...path, 'by', source.by.indexOf(fact)], message, suggest(fact, header));
  }
  if (missing.length > 0) return undefined;
  const rest = header.filter((column) => !source.by.includes(column));
  const value = source.value ?? (rest.includes(name) ? name : rest.length === 1 ? rest[0] : undefined);
  if (value !== undefined && header.includes(value)) {
    return [...source.by, value].map((column) => header.indexOf(column));
  }
  const message =
    value === undefined
      ? `Which column holds the value is not clear: ${rest.length === 0 ? 'none' : quoted(rest)} could.`
      : `No column of \`${fileName}\` is called \`${value}\`.`;
  const key = source.value === undefined ? 'rows' : 'value';
  fault(
    scope.report,
    [...path, key],
    message,
    value === undefined ? 'name it with `value`' : suggest(value, rest),
  );
  return undefined;
}

function readRow(table: Table, { cells, refuse, path = [] }: RawRow): LookupRow | undefined {
  const { source, types } = table;
  const last = source.by.length - 1;
  let wrong = 0;
  const keys = types.map((type, position): FactValue | undefined => {
    const cell = cells[position];
    const unbounded = cell === null || cell === '' || cell === undefined;
    if (position === last && source.match === 'up_to' && unbounded) return undefined;
    const key = typeof cell === 'string' ? parseFactValue(type, cell) : undefined;
    if (key?.ok) return key.value;
    wrong++;
    const what = unbounded ? 'Nothing stands here' : 'A map stands here';
    const wanted = `the key \`${source.by[position] ?? ''}\` is of type ${type}`;
    refuse(position, `${key === undefined ? what : capitalize(key.why)}; ${wanted}.`);
    return undefined;
  });
  const value = readCell(table, cells[last + 1] ?? null, {
    path: [...path, last + 1],
    refuse: (message) => {
      refuse(last + 1, message);
    },
  });
  return wrong === 0 && value !== undefined ? { keys, value } : undefined;
}

type Cell = RawRow['cells'][number];

type CellPlace = { readonly path: Path; readonly refuse: (message: string) => void };

/** A value of the lookup's type, or the fact that stands for it. */
function readCell(table: Table, cell: Cell, { path, refuse }: CellPlace): LookupValue | undefined {
  const { scope, name, source } = table;
  const wanted = `\`${name}\` is of type ${source.type}`;
  if (cell === null) {
    refuse(`Nothing stands here; ${wanted}.`);
    return undefined;
  }
  if (typeof cell === 'string') {
    const value = parseFactValue(source.type, cell);
    if (value.ok) return { kind: 'value', value: value.value };
    refuse(`${capitalize(value.why)}; ${wanted}.`);
    return undefined;
  }
  const type = useFact(scope, cell.fact, path);
  if (type === undefined) return undefined;
  const fits = type === source.type || (type === 'integer' && source.type === 'decimal');
  if (fits) return { kind: 'fact', fact: cell.fact };
  refuse(`\`${cell.fact}\` is of type ${type}; ${wanted}.`);
  return undefined;
}

function readOtherwise(table: Table, cell: Cell): LookupValue | undefined {
  const path = ['lookups', table.name, 'otherwise'];
  const refuse = (message: string) => {
    fault(table.scope.report, path, message);
  };
  return readCell(table, cell, { path, refuse });
}
