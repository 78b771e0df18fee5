/** A fenced block of a Markdown text. */
export type Block = { readonly language: string; readonly text: string };

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** The rows of the first table after a heading, without its header: the text of each cell. */
export function tableUnder(markdown: string, heading: string): readonly (readonly string[])[] {
  const [, after = ''] = markdown.split(`\n## ${heading}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(after) ?? [];
  const rows = table.trimEnd().split('\n').slice(2);
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

/** What stands in backticks in a cell. */
export function codeIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

export type Typed = { readonly command: string; readonly output: string };

/** The commands of a console block, each with what it printed. */
export function typedIn(text: string): readonly Typed[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() };
    });
}
