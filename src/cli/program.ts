import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { accountCommand } from './account.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { explainCommand } from './explain.js';
import { reportFailure } from './failure.js';
import { demoCommand } from './demo/demo.js';
import { fmtCommand } from './fmt.js';
import { historyCommand } from './history.js';
import { publishCommand } from './publish.js';
import { quoteCommand } from './quote.js';
import { ratingsCommand } from './ratings.js';
import { rerateCommand } from './rerate.js';
import { rollbackCommand } from './rollback.js';
import { schemaCommand } from './schema.js';
import { serveCommand } from './serve.js';
import { showCommand } from './show.js';
import { simulateCommand } from './simulate.js';
import { statementCommand } from './statement.js';
import { subscribeCommand } from './subscribe.js';
import type { Terminal } from './terminal.js';
import { testCommand } from './test.js';
import { validateCommand } from './validate.js';
import type { Cli } from './verb.js';
import { usageCommand } from './usage.js';
import { walletCommand } from './wallet.js';
import { withdrawCommand } from './withdraw.js';

const VERSION = (createRequire(import.meta.url)('../../../package.json') as { version: string }).version;

/** Every verb, in the order in which an analyst meets them. */
const VERBS = [
  ...[validateCommand, fmtCommand, testCommand, quoteCommand, explainCommand, simulateCommand],
  ...[publishCommand, withdrawCommand, rollbackCommand, historyCommand, showCommand],
  ...[accountCommand, subscribeCommand, usageCommand, ratingsCommand],
  ...[walletCommand, statementCommand, rerateCommand],
  ...[schemaCommand, serveCommand, demoCommand],
];

const EXAMPLES = `
Examples:
  ratebook validate rules/llm-api.yaml
  ratebook test rules
  ratebook quote rules/llm-api.yaml --facts facts.json
  ratebook explain rules/llm-api.yaml --facts facts.json --used '{"input": "900000"}'
  ratebook simulate --from rules/llm-api.yaml --to next.yaml --usage january.csv
  ratebook publish rules/llm-api.yaml --server 127.0.0.1:50051
  ratebook usage import january.csv --create-accounts --server 127.0.0.1:50051

Exit codes: 0 done, 1 could not run, 2 the document is invalid, 3 a case failed, or usage has no price.`;

/** Runs the program with its arguments; returns the code to end with. Never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const run: Cli['run'] = async (verb) => {
    code = await verb;
  };
  const program = programOf({ terminal, run });
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.done;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help is no failure: commander tells of it by throwing, also where a verb such as `usage` stands without its own.
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help'))
      return EXIT.done;
    return reportFailure(error, terminal, args.includes('--json'));
  }
}

function programOf(cli: Cli): Command {
  const { print } = cli.terminal;
  const program = new Command('ratebook')
    .description(
      'Price usage by rules: check, test and try out strategy files, publish them, and ask what a use costs.',
    )
    .version(VERSION, '--version', 'print the version')
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .configureHelp({ helpWidth: 100, subcommandTerm: (verb) => verb.name() })
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  for (const verb of VERBS) program.addCommand(inherit(verb(cli), program));
  return program;
}

/** What is set of the program holds for its verbs, and for theirs. */
function inherit(verb: Command, parent: Command): Command {
  verb.copyInheritedSettings(parent);
  for (const part of verb.commands) inherit(part, verb);
  return verb;
}
