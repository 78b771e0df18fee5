import { Command } from 'commander';
import type { Fault } from '../strategy/fault.js';
import { formatSource } from '../strategy/source/format.js';
import { readSource } from '../strategy/source/read-source.js';
import { renderFaults } from '../strategy/source/render-fault.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { readText } from './read-file.js';
import { replaceFile } from './replace-file.js';
import { count } from './table.js';
import type { Terminal } from './terminal.js';
import type { Cli } from './verb.js';

type FormatOptions = { readonly check?: true };

export function fmtCommand({ terminal, run }: Cli): Command {
  return new Command('fmt')
    .description('Lay strategy files out in the one canonical way; comments stay.')
    .argument('<file...>', 'files to rewrite in place; - reads stdin and writes stdout')
    .option('--check', 'write nothing; list the files that would change and end with 3')
    .action((files: string[], options: FormatOptions) => run(formatFiles(files, options, terminal)));
}

/** All files are read first: with a fault in one of them, none is changed. */
async function formatFiles(
  paths: readonly string[],
  { check }: FormatOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const files: Formatted[] = [];
  for (const path of paths) files.push(await formatFile(path, terminal));
  const faults = files.flatMap((file) => file.faults);
  if (faults.length > 0) {
    terminal.complain(
      renderFaults(faults, new Map(files.map(({ path, text }) => [path, text])), terminal.color),
    );
    return EXIT.invalidDocument;
  }
  const changed = files.filter(({ text, formatted }) => text !== formatted);
  if (check) {
    for (const { path } of changed) terminal.print(`${path}\n`);
    return changed.length === 0 ? EXIT.done : EXIT.failed;
  }
  for (const { path, formatted } of changed) if (path !== '-') await replaceFile(path, formatted);
  if (paths.includes('-')) {
    for (const { formatted } of files.filter(({ path }) => path === '-')) terminal.print(formatted);
  } else {
    terminal.print(
      `${count(changed.length, 'file')} changed, ${files.length - changed.length} left as they are.\n`,
    );
  }
  return EXIT.done;
}

type Formatted = {
  readonly path: string;
  readonly text: string;
  readonly formatted: string;
  readonly faults: readonly Fault[];
};

async function formatFile(path: string, terminal: Terminal): Promise<Formatted> {
  const text = await readText(path, terminal);
  const name = path === '-' && text.trimStart().startsWith('{') ? '-.json' : path;
  const faults = readSource({ name: path, text }).faults;
  return { path, text, formatted: formatSource({ name, text }), faults };
}
