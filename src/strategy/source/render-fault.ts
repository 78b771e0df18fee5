import type { Fault } from '../fault.js';

/** Columns of a source line that are shown; of a longer line, those around the place. */
const WINDOW = 100;
const TAB = '    ';

const PLAIN = { error: '', warning: '', place: '', reset: '' };
const COLORS = { error: '\u001b[1;31m', warning: '\u001b[1;33m', place: '\u001b[1;34m', reset: '\u001b[0m' };

/**
 * A fault as a compiler shows it: what, where, the line with the place marked, what to do. `text` is the text of the
 * file; where it does not reach to the line, the line is left out. Ends with a line end.
 */
export function renderFault(fault: Fault, text: string, color: boolean): string {
  const paint = color ? COLORS : PLAIN;
  const gutter = ' '.repeat(String(fault.line).length);
  const place = `${visible(fault.file)}:${fault.line}:${fault.column}`;
  const lines = [
    `${paint[fault.severity]}${fault.severity}${paint.reset}: ${visible(fault.message)}`,
    `${gutter}${paint.place}-->${paint.reset} ${place}`,
  ];
  const source = lineOf(text, fault.line);
  if (source !== '') {
    const { shown, indent, width } = excerpt(source, fault);
    lines.push(
      `${paint.place}${gutter} |${paint.reset}`,
      `${paint.place}${fault.line} |${paint.reset} ${shown}`,
      `${paint.place}${gutter} |${paint.reset} ${' '.repeat(indent)}${paint[fault.severity]}${'^'.repeat(width)}${paint.reset}`,
    );
  }
  if (fault.hint !== '') lines.push(`${gutter} ${paint.place}=${paint.reset} help: ${visible(fault.hint)}`);
  return lines.join('\n') + '\n';
}

/** All faults of the files, in their order, and how many there are. `texts` by file name. Empty without faults. */
export function renderFaults(
  faults: readonly Fault[],
  texts: ReadonlyMap<string, string>,
  color: boolean,
): string {
  if (faults.length === 0) return '';
  const rendered = faults.map((fault) => renderFault(fault, texts.get(fault.file) ?? '', color));
  const errors = faults.filter((fault) => fault.severity === 'error').length;
  const counts = [count(errors, 'error'), count(faults.length - errors, 'warning')].filter(
    (part) => part !== '',
  );
  const files = [...new Set(faults.map((fault) => visible(fault.file)))];
  return `${rendered.join('\n')}\n${counts.join(', ')} in ${files.join(', ')}\n`;
}

function count(n: number, noun: string): string {
  if (n === 0) return '';
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

/** The line of this number, from 1, without its end; empty when there is none. */
function lineOf(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return '';
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
}

type Excerpt = { readonly shown: string; readonly indent: number; readonly width: number };

/** The part of the line around the place, and where in it the carets stand. The mark ends with the line. */
function excerpt(source: string, { column, width }: Fault): Excerpt {
  // A character has at most two units. A line of a million, looked at as a whole for each fault, would take a minute.
  const characters = Array.from(source.slice(0, 2 * (column + WINDOW)), visible);
  const start = Math.min(column - 1, characters.length);
  const end = Math.min(start + width, characters.length);
  const indent = lengthOf(characters.slice(0, start));
  const marked = Math.max(1, lengthOf(characters.slice(start, end)));
  const line = characters.join('');
  if (line.length <= WINDOW) return { shown: line, indent, width: marked };

  const from = Math.max(0, Math.min(indent - WINDOW / 4, line.length - WINDOW));
  const to = from + WINDOW;
  const left = from > 0 ? '…' : '';
  const right = to < line.length ? '…' : '';
  return {
    shown: left + line.slice(from, to) + right,
    indent: left.length + indent - from,
    width: Math.min(marked, to - indent),
  };
}

function lengthOf(characters: readonly string[]): number {
  return characters.join('').length;
}

/** Text that cannot steer a terminal: tabs as spaces, other control and direction characters by their code. */
export function visible(text: string): string {
  return text.replaceAll('\t', TAB).replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
