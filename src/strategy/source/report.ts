import { nearest } from '../../errors/nearest.js';
import { shorten } from '../fact-value.js';
import type { Fault } from '../fault.js';
import { type FaultText, type Lines, type Path, faultAt, keySpanAt, pathText, spanAt } from './place.js';
import type { SourceNode, Span } from './source.js';

/** A document while it is checked: its tree, and the faults found so far. */
export type Report = { readonly lines: Lines; readonly root: SourceNode; readonly faults: Fault[] };

/** Nobody reads more, and a large file of the wrong kind has one in every line. */
export const MOST_FAULTS = 500;

/** Whether there is no room for another fault. */
export function isFull({ faults }: Pick<Report, 'faults'>): boolean {
  return faults.length > MOST_FAULTS;
}

/** Marks the value at the path. */
export function fault(report: Report, path: Path, message: string, hint = ''): void {
  add(report, () => spanAt(report.root, path), { severity: 'error', path: pathText(path), message, hint });
}

/** Marks the key at the end of the path. */
export function faultAtKey(report: Report, path: Path, message: string, hint = ''): void {
  add(report, () => keySpanAt(report.root, path), { severity: 'error', path: pathText(path), message, hint });
}

/** Marks the key at the end of the path as worth a look. */
export function warn(report: Report, path: Path, message: string): void {
  add(report, () => keySpanAt(report.root, path), {
    severity: 'warning',
    path: pathText(path),
    message,
    hint: '',
  });
}

/** Marks a span of a file that the document names. */
export function faultInFile({ faults }: Report, lines: Lines, span: Span, message: string): void {
  add({ faults, lines }, () => span, { severity: 'error', path: '', message, hint: '' });
}

/** The span is looked for only while there is room: that alone takes minutes for a million faults. */
function add(report: Pick<Report, 'faults' | 'lines'>, span: () => Span, text: FaultText): void {
  if (isFull(report)) return;
  const { faults, lines } = report;
  const last = 'There are more faults than these; the rest is not listed.';
  faults.push(
    faultAt(lines, span(), faults.length < MOST_FAULTS ? text : { ...text, message: last, hint: '' }),
  );
}

/** What stands at a node, to begin a sentence with. */
export function found(node: SourceNode): string {
  if (node.kind !== 'scalar') return `A ${node.kind}`;
  return node.empty ? 'Nothing' : `\`${shorten(node.text)}\``;
}

/** "did you mean" for a mistyped name; else what there is to choose from when that is short, or nothing. */
export function suggest(word: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  // Any two short words are near each other.
  const close = word.length > 2 ? nearest(word, known) : undefined;
  if (close !== undefined) return `did you mean \`${close}\`?`;
  if (known.length === 1) return `there is only ${quoted(known)}`;
  return known.length > 0 && known.length <= 12 ? `there are ${quoted(known)}` : '';
}

/** Words that one sentence lists. */
const MOST_LISTED = 50;

/** `` `a`, `b` and `c` ``, or so many of them and how many more there are. */
export function quoted(words: readonly string[], join = 'and'): string {
  const marked = words.slice(0, MOST_LISTED).map((word) => `\`${word}\``);
  if (words.length > MOST_LISTED) marked.push(`${words.length - MOST_LISTED} more`);
  const last = marked.pop() ?? '';
  return marked.length === 0 ? last : `${marked.join(', ')} ${join} ${last}`;
}
