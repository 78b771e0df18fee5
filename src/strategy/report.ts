import { nearest } from '../errors/nearest.js';
import type { Fault } from './fault.js';
import { type Lines, type Path, faultAt, keySpanAt, pathText, spanAt } from './place.js';
import type { SourceNode } from './source.js';

/** A document while it is checked: its tree, and the faults found so far. */
export type Report = { readonly lines: Lines; readonly root: SourceNode; readonly faults: Fault[] };

/** Marks the value at the path. */
export function fault(report: Report, path: Path, message: string, hint = ''): void {
  report.faults.push(
    faultAt(report.lines, spanAt(report.root, path), {
      severity: 'error',
      path: pathText(path),
      message,
      hint,
    }),
  );
}

/** Marks the key at the end of the path. */
export function faultAtKey(report: Report, path: Path, message: string, hint = ''): void {
  report.faults.push(
    faultAt(report.lines, keySpanAt(report.root, path), {
      severity: 'error',
      path: pathText(path),
      message,
      hint,
    }),
  );
}

/** Marks the key at the end of the path as worth a look. */
export function warn(report: Report, path: Path, message: string, hint = ''): void {
  report.faults.push(
    faultAt(report.lines, keySpanAt(report.root, path), {
      severity: 'warning',
      path: pathText(path),
      message,
      hint,
    }),
  );
}

/** "did you mean" for a mistyped name; else what there is to choose from when that is short, or nothing. */
export function suggest(word: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const close = nearest(word, known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  return known.length > 0 && known.length <= 12 ? `there are ${quoted(known)}` : '';
}

/** `` `a`, `b` and `c` ``. */
export function quoted(words: readonly string[], join = 'and'): string {
  const marked = words.map((word) => `\`${word}\``);
  const last = marked.pop() ?? '';
  return marked.length === 0 ? last : `${marked.join(', ')} ${join} ${last}`;
}
