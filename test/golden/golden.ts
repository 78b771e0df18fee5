import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../src/strategy/source/csv.js';
import type { SourceFile } from '../../src/strategy/source/source.js';

/** The folder of golden documents, seen from the compiled test. */
const GOLDEN = fileURLToPath(new URL('../../../test/golden/', import.meta.url));

export const goldenNames = readdirSync(GOLDEN).filter((name) => name.endsWith('.yaml'));

export function goldenFile(name: string): SourceFile {
  return { name, text: readFileSync(GOLDEN + name, 'utf8') };
}

/**
 * What became of one published example: the cases that answer it, or the reason why none does. With both, the cases
 * answer a part of it.
 */
export type PublishedRow = {
  /** Its place in the list of published examples, from 1. */
  readonly row: number;
  readonly model: string;
  /** How far its figures can be trusted: EXACT, POLICY, QUIRK, DERIVED or DOC-ERROR. */
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
    published.set(row, {
      row,
      model,
      trust,
      source,
      cases: [...(before?.cases ?? []), ...(name === '' ? [] : [`${file}/${name}`])],
      reason: before?.reason ?? reason,
    });
  }
  return [...published.values()];
}

/** How many rows are answered in full, in part and not at all, in one sentence. */
export function summary(rows: readonly PublishedRow[]): string {
  const isExact = ({ trust }: PublishedRow) => trust === 'EXACT';
  const covered = rows.filter(({ reason }) => reason === '');
  const inPart = rows.filter(({ cases, reason }) => cases.length > 0 && reason !== '');
  const exact = `${covered.filter(isExact).length} of ${rows.filter(isExact).length} EXACT`;
  return `${covered.length} of ${rows.length} rows covered (${exact}), ${inPart.length} more in part`;
}
