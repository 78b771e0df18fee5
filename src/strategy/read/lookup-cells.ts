import { parseFactValue } from '../fact-value.js';
import type { LookupRow } from '../lookup-rows.js';
import type { Path } from '../source/place.js';
import { fault } from '../source/report.js';
import type { FactValue, LookupValue } from '../strategy.js';
import type { RawRow, Table } from './lookup-table.js';
import { capitalize } from './scalar-schema.js';
import { useFact } from './scope.js';

/** A row with its cells converted; undefined, with faults, when one of them does not fit. */
export function readRow(table: Table, { cells, refuse, path = [] }: RawRow): LookupRow | undefined {
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

/** What stands in where no row matches. */
export function readOtherwise(table: Table, cell: Cell): LookupValue | undefined {
  const path = ['lookups', table.name, 'otherwise'];
  const refuse = (message: string) => {
    fault(table.scope.report, path, message);
  };
  return readCell(table, cell, { path, refuse });
}
