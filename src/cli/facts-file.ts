import type * as z from 'zod';
import { inputOf } from '../analysis/asked.js';
import { type Asked, askedSchema } from '../analysis/case-schema.js';
import { RatebookError, type Violation, violationError } from '../errors/error.js';
import type { QuoteInput } from '../quote/input.js';
import type { Fault } from '../strategy/fault.js';
import { imageOf } from '../strategy/source/image.js';
import { linesOf } from '../strategy/source/place.js';
import { readSource } from '../strategy/source/read-source.js';
import type { SourceFile, SourceNode } from '../strategy/source/source.js';
import { readWith } from '../strategy/read/zod-faults.js';

const { facts: factsSchema, usage: usageSchema, used: usedSchema } = askedSchema.shape;

/**
 * What a facts file asks for: the facts of one use, a list of them for several uses in order, or all that a case can
 * say. Throws INVALID_REQUEST for a text that cannot be read and INVALID_FACTS for one that says something else.
 */
export function readFacts(file: SourceFile): QuoteInput {
  const source: NamedSource = { file, root: rootOf(file), noun: 'a facts file', reason: 'INVALID_FACTS' };
  const input = inputOf(askedIn(source));
  if (input.ok) return input.value;
  throw new RatebookError('INVALID_FACTS', `${file.name}: ${input.why}.`);
}

/** Running totals by price, from the JSON of `--used`. Throws INVALID_REQUEST. */
export function readUsed(text: string): QuoteInput['used'] {
  const file = { name: '--used', text };
  const source: NamedSource = { file, root: rootOf(file), noun: '--used', reason: 'INVALID_REQUEST' };
  return new Map(Object.entries(readPart(source, usedSchema.unwrap())));
}

/** A text, what to call it, and the reason to refuse it with when it does not fit its schema. */
type NamedSource = {
  readonly file: SourceFile;
  readonly root: SourceNode;
  readonly noun: string;
  readonly reason: BadInput;
};
type BadInput = 'INVALID_REQUEST' | 'INVALID_FACTS';

function rootOf(file: SourceFile): SourceNode {
  const { root, faults } = readSource(file);
  if (root !== undefined && faults.length === 0) return root;
  throw refusal(
    'INVALID_REQUEST',
    faults.map((fault) => ({ field: placeOf(fault), description: sentences(fault) })),
  );
}

/** A fact is never a map, so a map below one of a case's keys tells a case from facts. */
function askedIn(source: NamedSource): Asked {
  const { root } = source;
  if (root.kind === 'list') return { usage: readPart(source, usageSchema.unwrap()) };
  if (
    root.kind === 'map' &&
    root.entries.some(({ key, value }) => key in askedSchema.shape && holdsMap(value))
  ) {
    return readPart({ ...source, root: withoutCaseKeys(root) }, askedSchema);
  }
  refuseNested(root);
  return { facts: readPart(source, factsSchema.unwrap()) };
}

function holdsMap(node: SourceNode): boolean {
  return node.kind === 'map' || (node.kind === 'list' && node.items.some(({ kind }) => kind === 'map'));
}

/** JSON of other systems often nests what is one fact with a point in its name here. */
function refuseNested(root: SourceNode): void {
  const entries = root.kind === 'map' ? root.entries : [];
  const violations = entries.flatMap(({ key, value }) => {
    if (value.kind !== 'map') return [];
    const inner = value.entries[0]?.key ?? 'name';
    return [
      { field: `facts.${key}`, description: `is a map, but facts are flat; write "${key}.${inner}": …` },
    ];
  });
  if (violations.length > 0) throw refusal('INVALID_FACTS', violations);
}

/** What a case says besides what is asked, so that a case can be pasted into a facts file as it is. */
const CASE_ONLY = ['name', 'description', 'expect'];

function withoutCaseKeys(root: SourceNode & { kind: 'map' }): SourceNode {
  return { ...root, entries: root.entries.filter(({ key }) => !CASE_ONLY.includes(key)) };
}

function readPart<T>({ file, root, noun, reason }: NamedSource, schema: z.ZodType<T>): T {
  const report = { lines: linesOf(file), root, faults: [] };
  const value = readWith(report, schema, { path: [], image: imageOf(root), noun });
  if (value !== undefined) return value;
  throw refusal(reason, violationsOf(report.faults));
}

function violationsOf(faults: readonly Fault[]): readonly Violation[] {
  return faults.map((fault) => ({
    field: fault.path === '' ? placeOf(fault) : fault.path,
    description: sentences(fault),
  }));
}

function refusal(reason: BadInput, violations: readonly Violation[]): RatebookError {
  return violationError(reason, violations);
}

function placeOf({ file, line, column }: Fault): string {
  return `${file}:${line}:${column}`;
}

function sentences({ message, hint }: Fault): string {
  return hint === '' ? message : `${message} Hint: ${hint}.`;
}
