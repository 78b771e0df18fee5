import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Case } from '../../src/analysis/case.js';
import type { Fault } from '../../src/strategy/fault.js';
import type { SourceFile } from '../../src/strategy/source/source.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { readExample } from '../rules/example.js';

/** The folder of golden documents, seen from the compiled test. */
export const GOLDEN = fileURLToPath(new URL('../../../test/golden/', import.meta.url));

/** A case with figures that others published; `source` is where. */
export type GoldenCase = {
  readonly strategy: Strategy | undefined;
  readonly example: Case;
  readonly source: string;
};

export type GoldenDocument = {
  readonly file: SourceFile;
  readonly strategy: Strategy | undefined;
  readonly faults: readonly Fault[];
  readonly cases: readonly GoldenCase[];
};

export function goldenDocuments(): readonly GoldenDocument[] {
  return readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => goldenDocument({ name, text: readFileSync(GOLDEN + name, 'utf8') }));
}

function goldenDocument(file: SourceFile): GoldenDocument {
  const { strategy, cases, faults } = readExample(file);
  // The reader leaves descriptions out, which change no price; here they say where the figures are from.
  const written = parse(file.text) as { cases: { name: string; description: string }[] };
  const sources = new Map(written.cases.map(({ name, description }) => [name, description]));
  const golden = cases.map((example) => ({ strategy, example, source: sources.get(example.name) ?? '' }));
  return { file, strategy, faults, cases: golden };
}
