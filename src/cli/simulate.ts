import { Command } from 'commander';
import { recordableFacts } from '../simulation/side.js';
import type { StrategyDocument } from '../strategy/document.js';
import type { Fault } from '../strategy/fault.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { parseAddress } from './server.js';
import { backTestTable } from './simulate/back-test-table.js';
import { type SideView, viewBackTest } from './simulate/back-test-view.js';
import {
  type SimulateOptions,
  parsePairs,
  parseSetting,
  parseWorkers,
  parseZone,
  parseFold,
  FOLD_HELP,
  refuseSharedStdin,
  workersFor,
} from './simulate/options.js';
import { planReading } from './simulate/plan.js';
import { startProgress } from './simulate/progress.js';
import { type SideDocument, readSide } from './simulate/read-side.js';
import { remarks } from './simulate/remarks.js';
import { runWorkers } from './simulate/run-workers.js';
import { type UsageFile, openUsageFile } from './simulate/usage-file.js';
import { refuseDocument } from './strategy-file.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionAfter, optionOf } from './verb.js';

const HELP = `
Every row is one use. A column is taken by its title: account, usage_id, occurred_at, and the facts of
either document; --map names others. Without an account column all usage is one account's. Running totals
start at zero and are kept for each account, price, group and window as when usage is rated live, in the
order of the file; a usage_id that comes again for an account is not counted again. Memory grows with
accounts (some 2 kB each, more where much is counted) and with ids (some 130 bytes each). A fact is given
only to the document that declares it. An empty cell is a fact that was not sent; a list is written as a
JSON list. A fact of --set is for the rows that do not have it: what a row says itself wins.

Nothing is dropped: usage without a price on either side, and rows that cannot be read, are counted with
the reason. Charges of a period, a bill or a purchase are no part of it; prices that are measured (max,
last, unique, …) have no amount until a period closes, so their uses are counted apart.

Examples:
  ratebook simulate --from rules/llm-api.yaml --to next.yaml --usage january.csv
  ratebook simulate --from llm-api@3 --to next.yaml --server 127.0.0.1:50051 --usage january.ndjson \\
    --map account=customer,input_tokens=ContextTokens --set model=code --zone UTC --json`;

export function simulateCommand({ terminal, run }: Cli): Command {
  return new Command('simulate')
    .description('Say what recorded usage would have earned by two documents, and who would pay more.')
    .requiredOption(
      '--from <file|revision>',
      'the document before: a file, or with --server such as llm-api@3',
    )
    .requiredOption('--to <file|revision>', 'the document after; of another strategy or currency if need be')
    .requiredOption('--usage <file>', 'recorded usage: CSV with titles, or NDJSON; - for stdin')
    .option('--map <name=column,...>', 'titles of columns by what they hold', optionAfter(parsePairs))
    .option(
      '--set <fact=value>',
      'a fact of every use that does not have it; may be given several times',
      optionAfter(parseSetting),
    )
    .option('--zone <zone>', 'the zone of an occurred_at without an offset, such as UTC', optionOf(parseZone))
    .option('--fold <which>', FOLD_HELP, optionOf(parseFold))
    .option('--workers <n>', 'threads; all cores unless given', optionOf(parseWorkers))
    .option('--server <host:port>', 'where revisions are read from', optionOf(parseAddress))
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((options: SimulateOptions) => run(simulate(options, terminal)));
}

async function simulate(options: SimulateOptions, terminal: Terminal): Promise<ExitCode> {
  refuseSharedStdin(options);
  const from = await readSide(options.from, options.server, terminal);
  const to = await readSide(options.to, options.server, terminal);
  if (from.document === undefined || to.document === undefined) {
    const faults = withoutRepeats([...from.faults, ...to.faults]);
    return refuseDocument(
      { faults, texts: new Map([...from.texts, ...to.texts]) },
      terminal,
      options.json === true,
    );
  }
  const sides = { from, to, before: from.document, after: to.document };
  const file = await openUsageFile(options.usage, terminal);
  try {
    return await backTest(sides, file, options, terminal);
  } finally {
    await file.handle.close();
  }
}

type Sides = {
  readonly from: SideDocument;
  readonly to: SideDocument;
  readonly before: StrategyDocument;
  readonly after: StrategyDocument;
};

async function backTest(
  { from, to, before, after }: Sides,
  file: UsageFile,
  options: SimulateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const strategies = { before: before.strategy, after: after.strategy };
  const facts = new Map([...recordableFacts(strategies.before), ...recordableFacts(strategies.after)]);
  const plan = await planReading(file, { of: 'either document', facts }, options);
  const shares = workersFor(options, file.size, plan.accountTitle !== undefined);
  const { usage, format } = plan;
  const progress = startProgress(terminal);
  const part = await runWorkers(
    { before: from.files, after: to.files, usage, format, shares },
    progress.report,
  ).finally(progress.finish);
  const ignored = [...format.columns.ignored, ...part.ignored];
  const view = viewBackTest(part.tally, {
    from: viewSide(from, before),
    to: viewSide(to, after),
    currencies: Object.values(strategies).flatMap(({ currency }) =>
      currency.kind === 'fixed' ? [currency.code] : [],
    ),
    data: {
      file: file.name,
      sha256: part.sha256,
      account_column: plan.accountTitle ?? null,
      ignored_columns: ignored,
    },
  });
  if (options.json) printJson(terminal, view);
  else {
    terminal.complain(remarks(plan, ignored));
    terminal.print(backTestTable(view, terminal));
  }
  return EXIT.done;
}

/** One file may be given for both sides, or be attached to both. */
function withoutRepeats(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function viewSide({ name, revision }: SideDocument, { strategy, contentHash }: StrategyDocument): SideView {
  return {
    name,
    strategy: strategy.id,
    ...(revision !== undefined && { revision }),
    content_hash: contentHash,
  };
}
