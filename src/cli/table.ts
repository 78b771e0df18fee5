import { visible } from '../strategy/source/render-fault.js';

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

export function left(title: string): Column {
  return { title, align: 'left' };
}

export function right(title: string): Column {
  return { title, align: 'right' };
}

/** Rows under their titles, columns two spaces apart. Cells come from documents and servers: they cannot steer a terminal. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(visible));
  const widths = columns.map((_, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), 0));
  return cells
    .map((row) => {
      const padded = columns.map(({ align }, i) => pad(row[i] ?? '', widths[i] ?? 0, align));
      return `${padded.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** `1 case`, `2 cases`. */
export function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;

/** Columns of a terminal that the text takes: Chinese, Japanese and Korean characters take two each. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
