import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { Account, Subscription } from '../gen/ratebook/v1/account_pb.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { accountName } from '../services/rating/client.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { accountTable, subscriptionTable, viewAccount, viewSubscription } from './account-view.js';
import { parseAttribute, toProtoAttributes } from './attributes.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { type Services, callServer } from './server.js';
import { parseZone } from './simulate/options.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionAfter, optionOf } from './verb.js';

const HELP = `
Examples:
  ratebook account create acme --currency EUR --country DE --attribute segment=startup \\
    --server 127.0.0.1:50051
  ratebook account show acme --server 127.0.0.1:50051
  ratebook account list --json --server 127.0.0.1:50051`;

export function accountCommand(cli: Cli): Command {
  return new Command('account')
    .description('Open accounts, and show them: the customers whose usage is rated.')
    .addCommand(createCommand(cli))
    .addCommand(showCommand(cli))
    .addCommand(listCommand(cli))
    .addHelpText('after', HELP);
}

type CreateOptions = ServerOptions & {
  readonly currency: string;
  readonly country?: string;
  readonly zone?: string;
  readonly openedAt?: Instant;
  readonly attribute?: ReadonlyMap<string, string>;
};

function createCommand({ terminal, run }: Cli): Command {
  const command = new Command('create')
    .description('Open an account; refused when its id is taken.')
    .argument('<id>', 'letters, digits, dots, hyphens and underscores, such as acme')
    .requiredOption('--currency <code>', 'what it is billed in, such as EUR')
    .option('--country <code>', 'ISO 3166-1, such as DE')
    .option('--zone <zone>', 'of due dates and documents; UTC unless given', optionOf(parseZone))
    .option(
      '--opened-at <instant>',
      'since when it may use anything, and its age counts; since ever unless given',
      optionOf(parseInstant),
    )
    .option(
      '--attribute <name=value>',
      'what strategies read as account.NAME; may be given several times',
      optionAfter(parseAttribute),
    );
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((id: string, options: CreateOptions) => run(createAccount(id, options, terminal)));
}

async function createAccount(id: string, options: CreateOptions, terminal: Terminal): Promise<ExitCode> {
  const { currency, country, zone, openedAt, attribute, server, json } = options;
  const { account } = await callServer(server, ({ accounts }) =>
    accounts.createAccount({
      account: {
        ...{ name: accountName(id), currency, country, timeZone: zone },
        openedAt: openedAt === undefined ? undefined : toTimestamp(openedAt),
        attributes: toProtoAttributes(attribute),
      },
      requestId: randomUUID(),
    }),
  );
  const view = viewAccount(account);
  if (json) printJson(terminal, view);
  else
    terminal.print(
      `${accountTable([view])}Next: ratebook subscribe ${view.id} STRATEGY --server ${server}\n`,
    );
  return EXIT.done;
}

function showCommand({ terminal, run }: Cli): Command {
  const command = new Command('show')
    .description('Show an account with its attributes and subscriptions.')
    .argument('<id>', 'the account, such as acme');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((id: string, options: ServerOptions) => run(showAccount(id, options, terminal)));
}

async function showAccount(
  id: string,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const name = accountName(id);
  const [account, own] = await callServer(server, async (services) => {
    const found = await services.accounts.getAccount({ name });
    return [viewAccount(found.account), await subscriptionsOf(services, name)] as const;
  });
  const subscriptions = own.map(viewSubscription);
  if (json) printJson(terminal, { ...account, subscriptions });
  else {
    const below =
      subscriptions.length === 0
        ? `It is on no strategy yet; try ratebook subscribe ${id} STRATEGY --server ${server}\n`
        : subscriptionTable(subscriptions);
    terminal.print(`${accountTable([account])}\n${below}`);
  }
  return EXIT.done;
}

async function subscriptionsOf({ accounts }: Services, parent: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  let pageToken = '';
  do {
    const page = await accounts.listSubscriptions({ parent, pageSize: 1000, pageToken });
    found.push(...page.subscriptions);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}

function listCommand({ terminal, run }: Cli): Command {
  const command = new Command('list').description('List all accounts, by id.');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((options: ServerOptions) => run(listAccounts(options, terminal)));
}

async function listAccounts({ server, json }: ServerOptions, terminal: Terminal): Promise<ExitCode> {
  const accounts = (await callServer(server, allAccounts)).map(viewAccount);
  if (json) printJson(terminal, { accounts });
  else if (accounts.length === 0)
    terminal.print(
      `There are no accounts yet; try ratebook account create acme --currency EUR --server ${server}\n`,
    );
  else terminal.print(accountTable(accounts));
  return EXIT.done;
}

async function allAccounts({ accounts }: Services): Promise<readonly Account[]> {
  const found: Account[] = [];
  let pageToken = '';
  do {
    const page = await accounts.listAccounts({ pageSize: 1000, pageToken });
    found.push(...page.accounts);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}
