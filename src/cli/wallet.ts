import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { RatebookError } from '../errors/error.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { Wallet } from '../gen/ratebook/v1/wallet_pb.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { accountName, walletName } from '../services/rating/client.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { type Services, callServer } from './server.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionAfter, optionOf } from './verb.js';
import { type WalletView, grantTable, viewWallet, walletTable } from './wallet-view.js';

const HELP = `
Prepaid subscriptions are paid from the wallets of their account as they are rated: by id, in each the grants with
the lowest priority first, then those that expire first, then the oldest. A top-up is made once for its reference.

Examples:
  ratebook wallet topup acme 25 --reference payment-17 --server 127.0.0.1:50051
  ratebook wallet topup acme 1000 --wallet calls --unit call --price call --reference gift-3 --present \\
    --server 127.0.0.1:50051
  ratebook wallet show acme --server 127.0.0.1:50051`;

export function walletCommand(cli: Cli): Command {
  return new Command('wallet')
    .description('Put prepaid money or units into the wallets of an account, and show them.')
    .addCommand(topUpCommand(cli))
    .addCommand(showCommand(cli))
    .addHelpText('after', HELP);
}

type TopUpOptions = ServerOptions & {
  readonly wallet: string;
  readonly unit?: string;
  readonly reference?: string;
  readonly expires?: Instant;
  readonly priority?: number;
  readonly price?: readonly string[];
  readonly present?: true;
};

function topUpCommand({ terminal, run }: Cli): Command {
  const command = new Command('topup')
    .description('Put money or units into a wallet, which is opened when it is not there.')
    .argument('<account>', 'the account, such as acme')
    .argument('<amount>', 'how much, such as 25')
    .option('--wallet <id>', 'the wallet', 'main')
    .option(
      '--unit <unit>',
      "of a wallet that is opened: units such as call; the account's currency unless given",
    )
    .option(
      '--reference <text>',
      'what makes it be made once, such as the id of the payment; new unless given',
    )
    .option('--expires <instant>', 'when the rest of it is gone; never unless given', optionOf(parseInstant))
    .option('--priority <n>', 'the lowest is used up first; 0 unless given', optionOf(parsePriority))
    .option('--price <id>', 'a price that it pays for; may be given several times', optionAfter(parsePrice))
    .option('--present', 'nobody has paid for it');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((account: string, amount: string, options: TopUpOptions) =>
      run(topUp({ account, amount }, options, terminal)),
    );
}

function parsePriority(text: string): Parsed<number> {
  return /^-?\d{1,9}$/.test(text) ? parsed(Number(text)) : refused(`"${text}" is no whole number`);
}

function parsePrice(text: string, before: readonly string[] | undefined): Parsed<readonly string[]> {
  return parsed([...(before ?? []), text]);
}

async function topUp(
  { account, amount }: { readonly account: string; readonly amount: string },
  options: TopUpOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { wallet, reference = randomUUID(), expires, priority, price, present, server, json } = options;
  const name = walletName({ account, wallet });
  const view = await callServer(server, async (services) => {
    await openWallet(services, { account, name }, options.unit);
    const grant = {
      ...{ wallet: name, reference, amount, priority, prices: [...(price ?? [])] },
      expiresAt: expires === undefined ? undefined : toTimestamp(expires),
    };
    const granted = await services.accounts.grantCredit({ grant, paid: present !== true });
    return viewWith(services, granted.wallet);
  });
  if (json) printJson(terminal, view);
  else terminal.print(walletTable([view]) + grantTable([view]));
  return EXIT.done;
}

type Named = { readonly account: string; readonly name: string };

async function openWallet(
  { accounts }: Services,
  { account, name }: Named,
  given: string | undefined,
): Promise<void> {
  const found = await accounts.getWallet({ name }).catch((error: unknown) => {
    if (error instanceof RatebookError && error.reason === 'WALLET_NOT_FOUND') return undefined;
    throw error;
  });
  if (found !== undefined) return;
  const unit = given ?? (await accounts.getAccount({ name: accountName(account) })).account?.currency;
  await accounts.createWallet({ wallet: { name, unit }, requestId: randomUUID() });
}

function showCommand({ terminal, run }: Cli): Command {
  const command = new Command('show')
    .description('Show the wallets of an account, and what is left of their grants.')
    .argument('<account>', 'the account, such as acme');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((account: string, options: ServerOptions) => run(showWallets(account, options, terminal)));
}

async function showWallets(
  account: string,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const wallets = await callServer(server, async (services) => {
    const { wallets: found } = await services.accounts.listWallets({
      parent: accountName(account),
      pageSize: 1000,
    });
    return Promise.all(found.map((wallet) => viewWith(services, wallet)));
  });
  if (json) printJson(terminal, { wallets });
  else if (wallets.length === 0)
    terminal.print(`There are no wallets; try ratebook wallet topup ${account} 25 --server ${server}\n`);
  else terminal.print(walletTable(wallets) + grantTable(wallets));
  return EXIT.done;
}

async function viewWith({ accounts }: Services, wallet: Wallet | undefined): Promise<WalletView> {
  const { grants } = await accounts.listGrants({ parent: wallet?.name ?? '' });
  return viewWallet(wallet, grants);
}
