import type { FileScore } from './score.js';

/** The scores of one engine. */
export type Column = { readonly engine: string; readonly scores: readonly FileScore[] };

/** Cases passed of all there are, by folder, as a table that Markdown reads too. */
export function scoreTable(columns: readonly Column[]): string {
  const folders = [...new Set(columns.flatMap(({ scores }) => scores.map(({ file }) => file.folder)))];
  const cell = ({ scores }: Column, folder?: string) => {
    const answers = scores
      .filter(({ file }) => folder === undefined || file.folder === folder)
      .flatMap((score) => score.answers);
    return `${answers.filter(({ passed }) => passed).length}/${answers.length}`;
  };
  const rows = [
    ['', ...columns.map(({ engine }) => engine)],
    ...folders.map((folder) => [folder, ...columns.map((column) => cell(column, folder))]),
    ['all', ...columns.map((column) => cell(column))],
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length))) ?? [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...body] = rows;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

/** What an engine got wrong: each file with its first case that failed. */
export function failuresOf({ scores }: Column): readonly string[] {
  return scores.flatMap(({ file, answers }) => {
    const failed = answers.find(({ passed }) => !passed);
    if (failed === undefined) return [];
    const { facts, expected, found } = failed;
    const lines = [
      `${file.path}: ${file.title}`,
      ...(file.trap === undefined ? [] : [`  ${file.trap}`]),
      `  ${facts}: expected ${expected}; found ${found}`,
    ];
    return [lines.join('\n')];
  });
}
