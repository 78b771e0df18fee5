import type { EngineScore } from './score.js';

/** Cases passed of all there are, by folder, as a table that Markdown reads too. */
export function scoreTable(engines: readonly EngineScore[]): string {
  const folders = [...new Set(engines.flatMap(({ files }) => files.map(({ file }) => file.folder)))];
  const cell = ({ files }: EngineScore, folder?: string) => {
    const answers = files
      .filter(({ file }) => folder === undefined || file.folder === folder)
      .flatMap((score) => score.answers);
    return `${answers.filter(({ passed }) => passed).length}/${answers.length}`;
  };
  const rows = [
    ['', ...engines.map(({ adapter }) => adapter.name)],
    ...folders.map((folder) => [folder, ...engines.map((engine) => cell(engine, folder))]),
    ['all', ...engines.map((engine) => cell(engine))],
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length))) ?? [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...body] = rows;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

/** What an engine got wrong: each file with its first case that failed, and `withTraps` with what it fell into. */
export function failuresOf({ files }: EngineScore, withTraps: boolean): readonly string[] {
  return files.flatMap(({ file, answers }) => {
    const failed = answers.find(({ passed }) => !passed);
    if (failed === undefined) return [];
    const { facts, expected, found } = failed;
    const trap = withTraps && file.trap !== undefined ? [`  ${file.trap}`] : [];
    return [
      `${file.path}: ${file.title}`,
      ...trap,
      `  ${facts}: expected ${expected}; found ${found.replaceAll('\n', '; ')}`,
    ];
  });
}
