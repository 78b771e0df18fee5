import type * as z from 'zod';
import { shorten } from '../fact-value.js';
import { parseCsv } from '../source/csv.js';
import { isAttachmentName } from '../source/attachments.js';
import { type Path, linesOf } from '../source/place.js';
import { fault, faultInFile, quoted, suggest } from '../source/report.js';
import type { SourceFile } from '../source/source.js';
import type { FactType } from '../strategy.js';
import type { lookupSchema } from './document-schema.js';
import { capitalize } from './scalar-schema.js';
import type { Scope } from './scope.js';

export type LookupSource = z.output<typeof lookupSchema>;

/** A row before its cells are converted, and how to report what is wrong with one of them. */
export type RawRow = {
  readonly cells: readonly (string | null | { readonly fact: string })[];
  readonly refuse: (cell: number, message: string) => void;
  /** Where the row stands in the document; none for a row of a file. */
  readonly path?: Path;
};

/** A lookup while it is read, with the types of its keys. */
export type Table = {
  readonly scope: Scope;
  readonly name: string;
  readonly source: LookupSource;
  readonly types: readonly FactType[];
};

/** The rows of a lookup, from the document or one of the attachments. */
export function rawRows(table: Table, attachments: readonly SourceFile[]): readonly RawRow[] {
  const { rows } = table.source;
  return typeof rows === 'string' ? csvRows(table, rows, attachments) : inlineRows(table, rows);
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
