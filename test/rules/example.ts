import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case, CaseResult } from '../../src/analysis/case.js';
import { readCases } from '../../src/analysis/read-cases.js';
import { runCase } from '../../src/analysis/run-case.js';
import { wantedAttachments } from '../../src/strategy/source/attachments.js';
import { type ReadResult, readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import type { SourceFile } from '../../src/strategy/source/source.js';
import type { Strategy } from '../../src/strategy/strategy.js';

/** The folder of examples, seen from the compiled test. */
export const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url));

export const exampleNames = readdirSync(RULES).filter((name) => name.endsWith('.yaml'));

export function rulesFile(name: string): SourceFile {
  return { name, text: readFileSync(RULES + name, 'utf8') };
}

export type Example = ReadResult & { readonly cases: readonly Case[] };

/** A document with the CSV files beside the examples, and the cases that it holds. */
export function readExample(file: SourceFile): Example {
  const source = readSource(file);
  const read = readStrategy(source, wantedAttachments(source).map(rulesFile));
  const { cases, faults } = readCases(source);
  return { ...read, cases, faults: [...read.faults, ...faults] };
}

export function answerCase(strategy: Strategy, example: Case): Promise<CaseResult> {
  const { match } = referenceEngine(strategy);
  return answerWith(match, runCase(strategy, example));
}
