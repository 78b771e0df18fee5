import { Command } from 'commander';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { isCurrency } from '../money/currency.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type HowToImport, importFile } from './import/import-file.js';
import { tallyAdvice, tallyTable, viewTally } from './import/tally.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { retryCommand } from './retry.js';
import { parseStrategyId } from './revision-name.js';
import { FOLD_HELP, parseFold, parsePairs, parseSetting, parseZone } from './simulate/options.js';
import { ignoredText } from './simulate/remarks.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionAfter, optionOf } from './verb.js';

type ImportOptions = ServerOptions & HowToImport;

const HELP = `
Every row is one use. A column is taken by its title: account, usage_id, occurred_at, and the facts that the
newest revision of the strategy declares; --map names others. An empty cell is a fact that was not sent; a
list is written as a JSON list. Facts of the account and its subscription are the service's own and are not
read from the file. The uses of one account are rated in the order of the file. NDJSON of CloudEvents is known
by its specversion: account is the subject, usage_id source and id together, occurred_at the time, and the facts
are in data; --map may say otherwise, such as --map account=data.customer.

Each use is rated once, however often it is sent. A row without a usage_id gets one of the file's content
and its line: importing the same file again changes nothing, and after a break it goes on where it was. A file
with other bytes is another import, so give rows that may come in several files a usage_id of their own. A file
that is cut in its last line is refused where rows have no usage_id: all would be rated again with the whole
one. That of a CSV file may read well all the same; then a warning names the line.

With --create-accounts an account that is not there is opened, since ever, in --currency; an account without
a subscription to the strategy gets one, since ever, whose id is the strategy's.

A use that is stored without a price waits for a revision that prices it, and for ratebook usage retry.
Rows that are not stored are listed in FILE.rejected.csv (stdin.rejected.csv where the file is -), or where
--rejected says, with line, reason and message; every run replaces it, and there is none when nothing was
rejected. The sums of --json are of what this run has rated anew. The exit code is 0 when every row was stored
with a price, 3 otherwise.

Examples:
  ratebook usage import january.csv --strategy llm-api --create-accounts --server 127.0.0.1:50051
  ratebook usage import invoices.csv --strategy online-shop --create-accounts --zone Europe/London \\
    --map account=CustomerID,occurred_at=InvoiceDate,stock_code=StockCode,quantity=Quantity,unit_price=UnitPrice \\
    --rejected nobody.csv --server 127.0.0.1:50051
  ratebook usage import trace.csv --strategy llm-api --account acme --zone UTC --set model=code \\
    --map occurred_at=TIMESTAMP,input_tokens=ContextTokens,output_tokens=GeneratedTokens \\
    --server 127.0.0.1:50051 --json`;

export function usageCommand(cli: Cli): Command {
  return new Command('usage')
    .description('Record usage that others have collected.')
    .addCommand(importCommand(cli))
    .addCommand(retryCommand(cli));
}

function importCommand({ terminal, run }: Cli): Command {
  const command = new Command('import')
    .description('Record the usage of a file and rate each use once; safe to run again.')
    .argument('<file>', 'usage: CSV with titles, NDJSON or CloudEvents; - for stdin')
    .option(
      '--strategy <id>',
      'what it is rated by; the only strategy that is published unless given',
      optionOf(parseStrategyId),
    )
    .option('--account <id>', 'whose usage it is, where the file has no account column')
    .option('--create-accounts', 'open accounts and subscriptions that are not there')
    .option(
      '--currency <code>',
      "of accounts that are opened; the strategy's unless given, or else USD",
      optionOf(parseCurrency),
    )
    .option('--map <name=column,...>', 'titles of columns by what they hold', optionAfter(parsePairs))
    .option(
      '--set <fact=value>',
      'a fact of every use that does not have it; may be given several times',
      optionAfter(parseSetting),
    )
    .option('--zone <zone>', 'the zone of an occurred_at without an offset, such as UTC', optionOf(parseZone))
    .option('--fold <which>', FOLD_HELP, optionOf(parseFold))
    .option('--rejected <file>', 'where to list rows that are not stored; FILE.rejected.csv unless given');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((file: string, options: ImportOptions) => run(importAndTell(file, options, terminal)));
}

function parseCurrency(code: string): Parsed<string> {
  return isCurrency(code) ? parsed(code) : refused(`"${code}" is no currency; write a code such as USD`);
}

async function importAndTell(name: string, options: ImportOptions, terminal: Terminal): Promise<ExitCode> {
  const { tally, ignored, source, strategy, rejectedFile, openLine } = await importFile(
    name,
    options,
    terminal,
  );
  const view = viewTally(tally);
  if (openLine !== undefined) terminal.complain(openLineText(name, openLine));
  if (options.json) printJson(terminal, view);
  else {
    terminal.complain(ignoredText(`usage of ${strategy} has no such fact`, ignored, source));
    terminal.print(tallyTable(view));
    terminal.complain(tallyAdvice(tally, rejectedFile));
  }
  return view.unpriced + view.rejected === 0 ? EXIT.done : EXIT.failed;
}

function openLineText(name: string, line: number): string {
  return `${name} ends without a line break: if it was cut, so was the last cell of line ${line}. Compare it with its source.\n`;
}
