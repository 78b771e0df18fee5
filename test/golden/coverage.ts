import { readFileSync } from 'node:fs';
import { parseCsv } from '../../src/strategy/source/csv.js';
import { GOLDEN } from './golden.js';

/**
 * What became of one published example: the cases that answer it, or the reason why none does. With both, the cases
 * answer a part of it.
 */
export type PublishedRow = {
  /** Its place in the list of published examples, from 1. */
  readonly row: number;
  readonly model: string;
  /**
   * How far its figures can be trusted. EXACT: as they are. POLICY: under a choice that our document states. QUIRK: the
   * source's own engine differs from exact arithmetic. DERIVED: from a published tariff. DOC-ERROR: not at all.
   */
  readonly trust: string;
  readonly source: string;
  /** As `file/case`. */
  readonly cases: readonly string[];
  readonly reason: string;
};

/** The table of all published examples; an example that several cases answer has a line for each. */
export function readCoverage(): readonly PublishedRow[] {
  const { rows, faults } = parseCsv(readFileSync(GOLDEN + 'coverage.csv', 'utf8'));
  if (faults.length > 0) throw new Error(`coverage.csv: ${faults.map(({ message }) => message).join(', ')}`);
  const published = new Map<number, PublishedRow>();
  for (const { cells } of rows.slice(1)) {
    const [number, model = '', trust = '', source = '', file = '', name = '', reason = ''] = cells;
    const row = Number(number);
    const before = published.get(row);
    const cases = [...(before?.cases ?? []), ...(name === '' ? [] : [`${file}/${name}`])];
    published.set(row, { row, model, trust, source, cases, reason: before?.reason ?? reason });
  }
  return [...published.values()];
}

/** How many rows are answered in full, and how many in part, in one sentence. */
export function summary(rows: readonly PublishedRow[]): string {
  const isExact = ({ trust }: PublishedRow) => trust === 'EXACT';
  const covered = rows.filter(({ reason }) => reason === '');
  const inPart = rows.filter(({ cases, reason }) => cases.length > 0 && reason !== '');
  const exact = `${covered.filter(isExact).length} of ${rows.filter(isExact).length} EXACT`;
  return `${covered.length} of ${rows.length} rows covered (${exact}), ${inPart.length} more in part`;
}
