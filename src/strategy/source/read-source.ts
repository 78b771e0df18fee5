import type { Fault } from '../fault.js';
import { type Lines, faultAt, linesOf } from './place.js';
import { readJson } from './read-json.js';
import { readYaml } from './read-yaml.js';
import { shareTexts } from './share-texts.js';
import type { SourceFile, SourceNode, Span } from './source.js';
import type { SyntaxFault } from './syntax.js';
import { findUnreadable } from './unreadable.js';

/** Characters of one file. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/** A text as it was read. There is a root exactly when there are no faults. */
export type Source = {
  readonly lines: Lines;
  readonly root?: SourceNode;
  readonly faults: readonly Fault[];
};
export type TreeSource = Source & { readonly root: SourceNode };

export function hasTree(source: Source): source is TreeSource {
  return source.root !== undefined;
}

/** Reads a file as JSON when its name ends so, else as YAML. There is a root unless the syntax is broken. */
export function readSource(file: SourceFile): Source {
  const lines = linesOf({ name: file.name, text: file.text.replace(/^\uFEFF/, '') });
  const { text } = lines.file;
  const broken = findBroken(text);
  if (broken !== undefined) return { lines, faults: place(lines, [broken]) };
  const syntax = /\.json$/i.test(file.name) ? readJson(text) : readYaml(text);
  const escaped = syntax.root === undefined ? [] : findEscaped(syntax.root);
  const faults = place(lines, [...syntax.faults, ...escaped]);
  return { lines, ...(syntax.root && { root: shareTexts(syntax.root) }), faults };
}

function findBroken(text: string): SyntaxFault | undefined {
  if (text.length > LONGEST_TEXT) {
    const message = `The file has ${text.length} characters; at most ${LONGEST_TEXT} are read.`;
    return { span: { start: 0, end: 1 }, message, hint: 'move price tables into a CSV that a lookup names' };
  }
  if (text.trim() === '') {
    return { span: { start: 0, end: 0 }, message: 'The file is empty; a strategy document was expected.' };
  }
  const unreadable = findUnreadable(text);
  if (unreadable === undefined) return undefined;
  const { at, code } = unreadable;
  const message = `The character ${code} stands here; a strategy is plain text in UTF-8.`;
  return { span: { start: at, end: at + 1 }, message, hint: 'save the file as UTF-8' };
}

/** What must not stand in a file must not come into a text by an escape such as `\ud800` either. */
function findEscaped(node: SourceNode): SyntaxFault[] {
  switch (node.kind) {
    case 'scalar':
      return escapedIn(node.text, node.span);
    case 'list':
      return node.items.flatMap(findEscaped);
    case 'map':
      return node.entries.flatMap(({ key, keySpan, value }) => [
        ...escapedIn(key, keySpan),
        ...findEscaped(value),
      ]);
  }
}

function escapedIn(text: string, span: Span): SyntaxFault[] {
  const unreadable = findUnreadable(text);
  if (unreadable === undefined) return [];
  return [
    { span, message: `The escaped character ${unreadable.code} stands here; write the text without it.` },
  ];
}

/** In file order, and one a line: what follows on the same line is mostly a consequence. */
function place(lines: Lines, faults: readonly SyntaxFault[]): Fault[] {
  const placed: Fault[] = [];
  for (const { span, message, hint = '' } of faults.toSorted((a, b) => a.span.start - b.span.start)) {
    const fault = faultAt(lines, span, { severity: 'error', path: '', message, hint });
    if (placed.at(-1)?.line !== fault.line) placed.push(fault);
  }
  return placed;
}
