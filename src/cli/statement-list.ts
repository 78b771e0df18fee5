import { Command } from 'commander';
import { RatebookError } from '../errors/error.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { Statement } from '../gen/ratebook/v1/statement_pb.js';
import { statementName, subscriptionName } from '../services/rating/client.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { type Services, callServer } from './server.js';
import { sealedText, statementsTable, viewStatement } from './statement-view.js';
import { type SubscriptionName, parseSubscription } from './subscription-name.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

export function listStatementsCommand({ terminal, run }: Cli): Command {
  const command = new Command('list')
    .description('List the statements of a subscription, by number.')
    .argument('<account/subscription>', 'such as acme/main', optionOf(parseSubscription));
  return addServerOptions(command).action((name: SubscriptionName, options: ServerOptions) =>
    run(listStatements(name, options, terminal)),
  );
}

async function listStatements(
  name: SubscriptionName,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const statements = await callServer(server, (services) => allPages(services, name));
  const views = statements.map((statement) => viewStatement(statement, name));
  if (json) printJson(terminal, { statements: views });
  else if (views.length === 0)
    terminal.print(
      `No statement of ${name.account}/${name.id} is closed yet; try ratebook statement preview ${name.account}/${name.id} --server ${server}\n`,
    );
  else terminal.print(statementsTable(views));
  return EXIT.done;
}

async function allPages({ rating }: Services, name: SubscriptionName): Promise<readonly Statement[]> {
  const found: Statement[] = [];
  let pageToken = '';
  do {
    const page = await rating.listStatements({ parent: subscriptionName(name), pageSize: 1000, pageToken });
    found.push(...page.statements);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}

export function showStatementCommand({ terminal, run }: Cli): Command {
  const command = new Command('show')
    .description('Show a statement as it was sealed.')
    .argument('<account/subscription>', 'such as acme/main', optionOf(parseSubscription))
    .argument('<number>', 'its number, from 1', optionOf(parseNumber));
  return addServerOptions(command).action((name: SubscriptionName, number: number, options: ServerOptions) =>
    run(showStatement({ ...name, number }, options, terminal)),
  );
}

function parseNumber(text: string): Parsed<number> {
  return /^[1-9]\d{0,8}$/.test(text)
    ? parsed(Number(text))
    : refused(`"${text}" is no number of a statement; they count up from 1`);
}

async function showStatement(
  name: SubscriptionName & { readonly number: number },
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { statement } = await callServer(server, ({ rating }) =>
    rating.getStatement({ name: statementName(name) }),
  );
  if (statement === undefined)
    throw new RatebookError(
      'INTERNAL',
      'The service answered without a statement; is it of another version?',
    );
  const view = viewStatement(statement, name);
  if (json) printJson(terminal, { statement: view });
  else terminal.print(sealedText(view));
  return EXIT.done;
}
