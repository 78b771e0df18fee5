import { isOrdered } from '../fact-value.js';
import { type LookupRow, buildRows } from '../lookup-rows.js';
import type { Path } from '../source/place.js';
import { fault } from '../source/report.js';
import type { SourceFile } from '../source/source.js';
import type { FactType, Lookup } from '../strategy.js';
import { readOtherwise, readRow } from './lookup-cells.js';
import { type LookupSource, type RawRow, type Table, rawRows } from './lookup-table.js';
import { type Scope, useFact } from './scope.js';

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
  const otherwise = source.otherwise === undefined ? undefined : readOtherwise(table, source.otherwise);
  const rows: LookupRow[] = [];
  const kept: RawRow[] = [];
  for (const row of rawRows(table, attachments)) {
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
