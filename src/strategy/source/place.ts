import type { Fault } from '../fault.js';
import type { SourceFile, SourceNode, Span } from './source.js';

/** Where in a document: map keys and positions in lists, from the root. */
export type Path = readonly (string | number)[];

/** A text with the offsets at which its lines start. */
export type Lines = { readonly file: SourceFile; readonly starts: readonly number[] };

export function linesOf(file: SourceFile): Lines {
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { file, starts };
}

/** Line and column of an offset, both from 1; a character outside the basic plane is one column. */
function placeAt(lines: Lines, offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = lines.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: characters(lines.file.text.slice(lines.starts[low], offset)) + 1 };
}

/** Surrogate pairs count once. */
function characters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF]/g)?.length ?? 0);
}

/** `rules[2].event.params.price`; a key with other characters than a word's is quoted: `facts["account.country"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The node at the path, or undefined when the document has none there. */
export function nodeAt(root: SourceNode, path: Path): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.find((entry) => entry.key === step)?.value;
    else node = node?.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
  }
  return node;
}

/** What to mark for a path: its value, or the nearest thing around it that the document has. */
export function spanAt(root: SourceNode, path: Path): Span {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined && node.span.end > node.span.start) return node.span;
    if (node !== undefined) return keySpanAt(root, path.slice(0, length));
  }
  return root.span;
}

/** What to mark where the key at the end of the path is meant, not its value. */
export function keySpanAt(root: SourceNode, path: Path): Span {
  const parent = nodeAt(root, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.entries.find(({ key }) => key === path.at(-1)) : undefined;
  return entry?.keySpan ?? spanAt(root, path.slice(0, -1));
}

export type FaultText = Pick<Fault, 'severity' | 'path' | 'message' | 'hint'>;

/** A fault at a span. What runs over several lines is marked to the end of its first one. */
export function faultAt(lines: Lines, span: Span, text: FaultText): Fault {
  const { line, column } = placeAt(lines, span.start);
  const lineEnd = (lines.starts[line] ?? lines.file.text.length + 1) - 1;
  const width = characters(lines.file.text.slice(span.start, Math.min(span.end, lineEnd)).trimEnd());
  return { ...text, file: lines.file.name, line, column, width: Math.max(1, width) };
}
