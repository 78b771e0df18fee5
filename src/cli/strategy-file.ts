import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Case } from '../analysis/case.js';
import { readCases } from '../analysis/read-cases.js';
import { RatebookError } from '../errors/error.js';
import { wantedAttachments } from '../strategy/source/attachments.js';
import type { Fault } from '../strategy/fault.js';
import { type Source, readSource } from '../strategy/source/read-source.js';
import { type StrategyDocument, checkDocument } from '../strategy/document.js';
import { renderFaults } from '../strategy/source/render-fault.js';
import type { SourceFile } from '../strategy/source/source.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { readText } from './read-file.js';
import { type Terminal, printJson } from './terminal.js';

/** A strategy file with the files beside it that belong to it. */
export type StrategyFiles = {
  readonly file: SourceFile;
  readonly source: Source;
  readonly attachments: readonly SourceFile[];
  readonly cases?: SourceFile;
};

/** What a strategy file and the files beside it say. There is a document exactly when no fault is an error. */
export type CheckedStrategy = {
  readonly document?: StrategyDocument;
  readonly cases: readonly LocatedCase[];
  readonly faults: readonly Fault[];
  /** By the names in `faults`. */
  readonly texts: ReadonlyMap<string, string>;
};
export type LocatedCase = { readonly file: string; readonly case: Case };

/**
 * Reads a strategy file, the CSV files that its lookups name and `<strategy>.cases.yaml` beside it. A CSV that is not
 * there becomes a fault of the document. Throws INVALID_REQUEST or TOO_LARGE for a file that cannot be read.
 */
export async function readStrategyFiles(path: string, terminal: Terminal): Promise<StrategyFiles> {
  const file: SourceFile = { name: path, text: await readText(path, terminal) };
  const source = readSource(file);
  if (path === '-') return { file, source, attachments: [] };
  const beside = async (name: string, shown: string) => {
    const at = join(dirname(path), name);
    return (await isThere(at)) ? { name: shown, text: await readText(at, terminal) } : undefined;
  };
  const attachments = await Promise.all(wantedAttachments(source).map((name) => beside(name, name)));
  const casesName = casesFileOf(basename(path));
  return {
    file,
    source,
    attachments: attachments.filter((attachment) => attachment !== undefined),
    cases: await beside(casesName, join(dirname(path), casesName)),
  };
}

/** `llm-api.cases.yaml` for `llm-api.yaml`. */
function casesFileOf(name: string): string {
  return `${name.replace(/\.(ya?ml|json)$/i, '')}.cases.yaml`;
}

export function isCasesFile(name: string): boolean {
  return /\.cases\.ya?ml$/i.test(name);
}

/** Throws for a name that waits for a writer, such as a pipe: only a file that was asked for by name may be one. */
async function isThere(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return stats !== undefined;
  throw new RatebookError('INVALID_REQUEST', `${path} is no regular file; a lookup reads one.`);
}

/** Checks all of a strategy: document, lookup tables and cases. */
export function checkStrategy({ file, source, attachments, cases }: StrategyFiles): CheckedStrategy {
  const { document, faults } = checkDocument(source, attachments);
  const own = readCases(source);
  const split = cases === undefined ? { cases: [], faults: [] } : readCasesFile(cases);
  const shown = (name: string) => (name === file.name ? name : join(dirname(file.name), name));
  const placed = faults.map((fault) => ({ ...fault, file: shown(fault.file) }));
  const all = [...placed, ...own.faults, ...split.faults];
  const read = [
    file,
    ...attachments.map(({ name, text }) => ({ name: shown(name), text })),
    ...(cases ? [cases] : []),
  ];
  return {
    ...(all.every(({ severity }) => severity === 'warning') && { document }),
    cases: [
      ...own.cases.map((one) => ({ file: file.name, case: one })),
      ...split.cases.map((one) => ({ file: cases?.name ?? '', case: one })),
    ],
    faults: all,
    texts: new Map(read.map(({ name, text }) => [name, text])),
  };
}

function readCasesFile(file: SourceFile): ReturnType<typeof readCases> {
  const source = readSource(file);
  const { cases, faults } = readCases(source);
  return { cases, faults: [...source.faults, ...faults] };
}

/** The document at a path, or the faults of a file that is too large to be one. */
export async function readDocument(path: string, terminal: Terminal): Promise<CheckedStrategy> {
  try {
    return checkStrategy(await readStrategyFiles(path, terminal));
  } catch (error) {
    if (!(error instanceof RatebookError) || error.reason !== 'TOO_LARGE') throw error;
    const place = { file: path, line: 1, column: 1, width: 1, path: '' };
    const fault: Fault = { severity: 'error', ...place, message: error.message, hint: '' };
    return { cases: [], faults: [fault], texts: new Map() };
  }
}

/** A fault as `--json` shows it. */
export function viewFault(fault: Fault): Omit<Fault, 'width'> {
  const { file, line, column, path, message, hint, severity } = fault;
  return { file, line, column, path, message, hint, severity };
}

/** Says what is wrong with a document that a verb needs. */
export function refuseDocument(
  document: Pick<CheckedStrategy, 'faults' | 'texts'>,
  terminal: Terminal,
  json: boolean,
): ExitCode {
  const { faults, texts } = document;
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (json) {
    const violations = errors.map(({ path, message }) => ({ field: path, description: message }));
    const message = `${errors[0]?.file ?? 'The document'} is no valid strategy; see the faults.`;
    printJson(terminal, {
      error: { reason: 'INVALID_DOCUMENT', message, violations, faults: faults.map(viewFault) },
    });
  } else {
    terminal.complain(renderFaults(faults, texts, terminal.color));
  }
  return EXIT.invalidDocument;
}
