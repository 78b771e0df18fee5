import * as z from 'zod';
import { type Path, nodeAt, pathText } from '../source/place.js';
import {
  MOST_FAULTS,
  type Report,
  fault,
  faultAtKey,
  found,
  isFull,
  quoted,
  suggest,
} from '../source/report.js';
import { shorten } from '../fact-value.js';

type Issue = z.core.$ZodIssue;

/** What is read: where it stands, its image, and what to call it in a sentence (`a per_unit price`). */
export type Part = { readonly path: Path; readonly image: unknown; readonly noun: string };

/** zod tells only its error map which schema an issue comes from: the keys that it knows, by the list of unknown ones. */
type Objects = Map<readonly string[], z.ZodObject>;

/** Checks a part of the document against its schema; every issue becomes a fault, in words of the document. */
export function readWith<T>(report: Report, schema: z.ZodType<T>, part: Part): T | undefined {
  // No fault of it could be listed any more, and the document has no meaning already.
  if (isFull(report)) return undefined;
  const objects: Objects = new Map();
  const result = schema.safeParse(part.image, {
    error: ({ code, inst, keys }) => {
      if (code === 'unrecognized_keys' && inst instanceof z.ZodObject && Array.isArray(keys)) {
        objects.set(keys, inst);
      }
      const expected = inst instanceof z.ZodUnion ? inst.meta()?.['expected'] : undefined;
      return typeof expected === 'string' ? expected : undefined;
    },
  });
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap((issue) => flatten(issue));
  const unknown = issues.flatMap((issue) => reportUnknownKeys(report, part, issue, objects));
  for (const issue of issues.slice(0, MOST_FAULTS + 1)) reportIssue(report, part, { issue, meant: unknown });
  return undefined;
}

/** Of a union, the issues of the alternative that was most likely meant: the right kind of node, then the fewest issues. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const alternatives = issue.errors.map((issues) => issues.flatMap(flatten));
  const near = alternatives.filter((issues) => issues.every(({ code, path }) => !isWrongKind(code, path)));
  const [best] = near.toSorted((a, b) => a.length - b.length);
  if (best === undefined) return [{ ...issue, errors: [] }];
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isWrongKind(code: Issue['code'], path: readonly PropertyKey[]): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_union');
}

/** Faults for the keys that a map does not know, and the paths of those keys that they were most likely meant to be. */
function reportUnknownKeys(report: Report, part: Part, issue: Issue, objects: Objects): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const object = objects.get(issue.keys);
  const known = Object.keys(object?.shape ?? {});
  const noun = object?.meta()?.title ?? part.noun;
  const at = absolute(part, issue);
  return issue.keys.slice(0, MOST_FAULTS + 1).flatMap((key) => {
    const hint = suggest(key, known);
    faultAtKey(report, [...at, key], `\`${shorten(key)}\` is no key of ${noun}.`, hint);
    return known.filter((name) => hint.includes(`mean \`${name}\``)).map((name) => pathText([...at, name]));
  });
}

/** `meant` holds keys that an unknown one beside them was meant to be: to call them missing too would be noise. */
type Told = { readonly issue: Issue; readonly meant: readonly string[] };

function reportIssue(report: Report, part: Part, { issue, meant }: Told): void {
  if (issue.code === 'unrecognized_keys') return;
  const path = absolute(part, issue);
  const node = nodeAt(report.root, path);
  const expected = expectedOf(issue);
  if (node === undefined) {
    if (meant.includes(pathText(path))) return;
    const parent = issue.path.length > 1 ? `\`${pathText(path.slice(0, -1))}\`` : part.noun;
    const hint = issue.code === 'invalid_type' ? '' : `write ${expected}`;
    fault(report, path, `\`${String(path.at(-1))}\` is missing; ${parent} needs it.`, hint);
  } else if (expected === '') {
    fault(report, path, issue.message, hintOf(issue));
  } else {
    const hint = node.kind === 'scalar' ? suggest(node.text, optionsOf(issue)) : '';
    const message = `${found(node)} stands here; ${expected} was expected.`;
    // The message lists the options already.
    fault(report, path, message, hint.startsWith('did') ? hint : '');
  }
}

function absolute(part: Part, issue: Issue): Path {
  return [...part.path, ...issue.path.map((step) => (typeof step === 'symbol' ? '' : step))];
}

/** What the schema wanted, or '' when the issue's own message says it in full. */
function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return quoted(optionsOf(issue), 'or');
    case 'invalid_union':
      return quoted(optionsOf(issue), 'or') || issue.message;
    case 'too_small':
      return issue.origin === 'array' ? 'at least one item' : 'a text';
    case 'too_big':
      return `a text of at most ${String(issue.maximum)} characters`;
    case 'custom':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return '';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a single value',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function optionsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return issue.options.map(String);
  }
  return [];
}

/** A schema of ours may give what to do next along with its message. */
function hintOf(issue: Issue): string {
  return issue.code === 'custom' && typeof issue.params?.['hint'] === 'string' ? issue.params['hint'] : '';
}
