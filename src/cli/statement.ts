import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { RatebookError } from '../errors/error.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { Statement } from '../gen/ratebook/v1/statement_pb.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { accountName, subscriptionName } from '../services/rating/client.js';
import { resourceName } from '../strategy/revision-name.js';
import { type Instant, parseDate, parseInstant } from '../time/instant.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { parseStrategyId } from './revision-name.js';
import { type Services, callServer } from './server.js';
import { listStatementsCommand, showStatementCommand } from './statement-list.js';
import { periodTable, sealedText, viewPeriod, viewStatement } from './statement-view.js';
import { type SubscriptionName, parseSubscription } from './subscription-name.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

const HELP = `
Examples:
  ratebook statement acme --period 2026-01 --server 127.0.0.1:50051
  ratebook statement acme --period 2026-01 --strategy llm-api --json --server 127.0.0.1:50051
  ratebook statement preview acme/main --server 127.0.0.1:50051
  ratebook statement close acme/main --up-to 2026-02-01T00:00:00Z --server 127.0.0.1:50051
  ratebook statement list acme/main --server 127.0.0.1:50051
  ratebook statement show acme/main 3 --json --server 127.0.0.1:50051`;

/** The account may stand right after the verb: then it is the sums of a period that are wanted. */
export function statementCommand(cli: Cli): Command {
  return new Command('statement')
    .description('Show what the ratings of an account come to, and its statements; close one.')
    .usage('<account> --period <period> [options]')
    .addCommand(periodCommand(cli), { isDefault: true })
    .addCommand(previewCommand(cli))
    .addCommand(closeCommand(cli))
    .addCommand(listStatementsCommand(cli))
    .addCommand(showStatementCommand(cli))
    .addHelpText('after', HELP);
}

type Period = { readonly text: string; readonly date: string };
type PeriodOptions = ServerOptions & { readonly period: Period; readonly strategy?: string };

function periodCommand({ terminal, run }: Cli): Command {
  const command = new Command('period')
    .description('Sum up all ratings of a period, on a statement or not.')
    .argument('<account>', 'the account, such as acme')
    .requiredOption(
      '--period <period>',
      'a month, 2026-01, or a date in the period; in the zone of each strategy',
      optionOf(parsePeriod),
    )
    .option('--strategy <id>', 'of subscriptions to this strategy alone', optionOf(parseStrategyId));
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((account: string, options: PeriodOptions) => run(summarize(account, options, terminal)));
}

/** A month or a year stands for its first day. */
function parsePeriod(text: string): Parsed<Period> {
  const date = parseDate(`${text}-01-01`.slice(0, '2026-01-01'.length));
  if (date.ok && /^\d{4}(-\d\d){0,2}$/.test(text)) return parsed({ text, date: date.value });
  return refused(`"${text}" is no period; write a month such as 2026-01, or a date such as 2026-01-15`);
}

async function summarize(account: string, options: PeriodOptions, terminal: Terminal): Promise<ExitCode> {
  const { period, strategy, server, json } = options;
  const { summary } = await callServer(server, ({ rating }) =>
    rating.summarizePeriod({
      parent: accountName(account),
      date: period.date,
      strategy: strategy === undefined ? '' : resourceName({ strategy }),
    }),
  );
  if (summary === undefined)
    throw new RatebookError('INTERNAL', 'The service answered without the sums; is it of another version?');
  const view = viewPeriod(summary, period.text);
  if (json) printJson(terminal, view);
  else if (view.ratings === 0)
    terminal.print(
      `Nothing is rated for ${account} in ${period.text}; try ratebook ratings ${account} --server ${server}\n`,
    );
  else terminal.print(periodTable(view));
  return EXIT.done;
}

type CutOptions = ServerOptions & { readonly upTo?: Instant };

function previewCommand({ terminal, run }: Cli): Command {
  const command = new Command('preview')
    .description('Show what closing would seal; nothing is stored.')
    .argument('<account/subscription>', 'such as acme/main', optionOf(parseSubscription))
    .option(
      '--up-to <instant>',
      'what falls due up to here; the end of the present period unless given',
      optionOf(parseInstant),
    );
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((name: SubscriptionName, options: CutOptions) => {
      const ask = async ({ rating }: Services) => rating.previewStatement(requestOf(name, options));
      return run(showStatement(ask, { name, options }, terminal));
    });
}

function closeCommand({ terminal, run }: Cli): Command {
  const command = new Command('close')
    .description('Seal what has fallen due and is on no statement yet.')
    .argument('<account/subscription>', 'such as acme/main', optionOf(parseSubscription))
    .option(
      '--up-to <instant>',
      'what has fallen due up to here; the end of the last whole period unless given',
      optionOf(parseInstant),
    );
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((name: SubscriptionName, options: CutOptions) => {
      const ask = ({ rating }: Services) =>
        rating.closeStatement({ ...requestOf(name, options), requestId: randomUUID() });
      return run(showStatement(ask, { name, options }, terminal));
    });
}

function requestOf(name: SubscriptionName, { upTo }: CutOptions) {
  return { parent: subscriptionName(name), upTo: upTo === undefined ? undefined : toTimestamp(upTo) };
}

type Asked = { readonly name: SubscriptionName; readonly options: CutOptions };

async function showStatement(
  ask: (services: Services) => Promise<{ readonly statement?: Statement }>,
  { name, options: { server, json } }: Asked,
  terminal: Terminal,
): Promise<ExitCode> {
  const { statement } = await callServer(server, ask);
  const view = statement && viewStatement(statement, name);
  if (json) printJson(terminal, { statement: view ?? null });
  else if (view === undefined)
    terminal.print(`There is nothing to bill of ${name.account}/${name.id} up to then.\n`);
  else terminal.print(sealedText(view));
  return EXIT.done;
}
