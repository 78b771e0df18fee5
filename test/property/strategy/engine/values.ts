import type { FactType } from '../../../../src/strategy/strategy.js';

/** Two facts of every type, so that facts can be compared with each other. */
export const FACTS: ReadonlyMap<string, FactType> = new Map(
  (['string', 'boolean', 'integer', 'decimal', 'instant', 'date', 'time', 'list'] as const).flatMap(
    (type) => [[`${type}_a`, type] as const, [`${type}_b`, type] as const],
  ),
);

/** What a rule or a use may write for one fact. */
export type Written = string | readonly string[];

/**
 * Neighbours on purpose, the same for constants and facts: values that are equal but written otherwise, one unit below
 * and above, at the ends of what a number may be, and such as floats or texts would confuse. A document takes one row
 * of each type, so that its bounds are met often.
 */
export const VALUES: Readonly<Record<FactType, readonly (readonly Written[])[]>> = {
  string: [
    ['a', 'b', 'A', 'ab'],
    ['9', '10', '9.0', '09'],
    ['true', 'false', 'null', 'undefined'],
    ['é', 'e\u0301', 'É', 'e'],
    ['😀', '\uFF5E', 'z', ' '],
    ['__proto__', 'constructor', 'toString', 'a'],
  ],
  boolean: [['true', 'false']],
  integer: [
    ['0', '-0', '1', '-1', '1.0'],
    ['9', '10', '11', '1e1'],
    ['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740994'],
    ['9999999999999999', '9999999999999998', '-9999999999999999', '0'],
  ],
  decimal: [
    ['0', '-0', '0.00', '0.000000000000000001', '-0.000000000000000001'],
    ['1', '1.0', '1.00', '0.999999999999999999', '1.000000000000000001'],
    ['0.1', '0.2', '0.3', '0.30', '0.30000000000000004'],
    ['9', '10', '-9', '-10', '9.5'],
    ['9007199254740992', '9007199254740993', '9007199254740992.5', '9007199254740993.0'],
    [
      '9999999999999999.999999999999999999',
      '9999999999999999.999999999999999998',
      '-9999999999999999.999999999999999999',
      '1e15',
    ],
    ['123456789.123456789', '123456789.123456788', '123456789.12345679', '123456789.1234567890'],
  ],
  instant: [
    [
      '1970-01-01T00:00:00Z',
      '1970-01-01T01:00:00+01:00',
      '1969-12-31T23:59:59.999999999Z',
      '1970-01-01T00:00:00.000000001Z',
    ],
    [
      '2026-03-29T01:00:00Z',
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T02:00:00+02:00',
      '2026-03-29T01:00:00.001Z',
    ],
  ],
  date: [
    ['2025-12-31', '2026-01-01', '2026-01-02', '2026-10-01'],
    ['2024-02-29', '2024-02-28', '2024-03-01', '2023-02-28'],
  ],
  time: [['00:00', '08:59', '09:00', '23:59']],
  list: [
    [[], ['a'], ['a', 'a'], ['a', 'b'], ['b', 'a']],
    [['9'], ['10'], ['9', '10'], []],
    [['A'], ['ab'], ['a', 'ab', 'é'], []],
  ],
};

/** The row of each type that a document takes its values from, by position. */
export type Rows = Readonly<Record<FactType, number>>;

export function rowOf(type: FactType, rows: Rows): readonly Written[] {
  const all = VALUES[type];
  return all[rows[type] % all.length] ?? [];
}

/** A value of the row. */
export function pick(row: readonly Written[], position: number): Written {
  return row[position % row.length] ?? '';
}
