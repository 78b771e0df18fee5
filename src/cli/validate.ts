import { Command } from 'commander';
import type { Fault } from '../strategy/fault.js';
import { renderFaults } from '../strategy/source/render-fault.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { validateOnline } from './online-validate.js';
import { readDocument, viewFault } from './strategy-file.js';
import { count } from './table.js';
import { type Terminal, paint, printJson } from './terminal.js';
import type { Cli } from './verb.js';

type ValidateOptions = { readonly json?: true; readonly server?: string };

export function validateCommand({ terminal, run }: Cli): Command {
  return new Command('validate')
    .description('Check strategy files; say what is wrong, where, and what to write instead.')
    .argument('<file...>', 'strategy files, or - for stdin')
    .option('--json', 'print {"valid", "faults"} as JSON')
    .option('--server <host:port>', 'let a running service check them')
    .action((files: string[], options: ValidateOptions) => run(validate(files, options, terminal)));
}

async function validate(
  files: readonly string[],
  { json, server }: ValidateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const faults: Fault[] = [];
  const texts = new Map<string, string>();
  for (const file of files) {
    const document =
      server === undefined
        ? await readDocument(file, terminal)
        : await validateOnline(server, file, terminal);
    faults.push(...document.faults);
    for (const [name, text] of document.texts) texts.set(name, text);
  }
  const valid = faults.every(({ severity }) => severity === 'warning');
  if (json) printJson(terminal, { valid, faults: faults.map(viewFault) });
  else {
    terminal.complain(renderFaults(faults, texts, terminal.color));
    if (valid)
      terminal.print(`${paint(terminal, 'green', 'ok')}: ${count(files.length, 'file')} can be published.\n`);
  }
  return valid ? EXIT.done : EXIT.invalidDocument;
}
