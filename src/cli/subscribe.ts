import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { subscriptionName } from '../services/rating/client.js';
import { resourceName } from '../strategy/revision-name.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { subscriptionTable, viewSubscription } from './account-view.js';
import { parseAttribute, toProtoAttributes } from './attributes.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { parseRevisionNumber, parseStrategyId } from './revision-name.js';
import { callServer } from './server.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionAfter, optionOf } from './verb.js';

type SubscribeOptions = ServerOptions & {
  readonly id: string;
  readonly from?: Instant;
  readonly until?: Instant;
  readonly revision?: number;
  readonly attribute?: ReadonlyMap<string, string>;
  readonly prepaid?: true;
  readonly trialUntil?: Instant;
};

const HELP = `
Examples:
  ratebook subscribe acme llm-api --server 127.0.0.1:50051
  ratebook subscribe acme saas-seats --id seats --from 2026-01-01T00:00:00Z --attribute seats=5 \\
    --server 127.0.0.1:50051`;

export function subscribeCommand({ terminal, run }: Cli): Command {
  const command = new Command('subscribe')
    .description('Put an account on a strategy; refused when the id is taken in the account.')
    .argument('<account>', 'the account, such as acme')
    .argument('<strategy>', 'the strategy, such as llm-api', optionOf(parseStrategyId))
    .option('--id <id>', 'of the subscription', 'main')
    .option('--from <instant>', 'when it starts; since ever unless given', optionOf(parseInstant))
    .option('--until <instant>', 'the first instant after its end', optionOf(parseInstant))
    .option(
      '--trial-until <instant>',
      'when recurring charges begin; at its start unless given',
      optionOf(parseInstant),
    )
    .option('--prepaid', "its usage is paid from the account's wallets as it is rated")
    .option(
      '--revision <n>',
      'the revision that it stays on; it follows what is published unless given',
      optionOf(parseRevisionNumber),
    )
    .option(
      '--attribute <name=value>',
      'what strategies read as subscription.NAME; may be given several times',
      optionAfter(parseAttribute),
    );
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((account: string, strategy: string, options: SubscribeOptions) =>
      run(subscribe({ account, strategy }, options, terminal)),
    );
}

async function subscribe(
  { account, strategy }: { readonly account: string; readonly strategy: string },
  { id, from, until, trialUntil, prepaid, revision, attribute, server, json }: SubscribeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { subscription } = await callServer(server, ({ accounts }) =>
    accounts.createSubscription({
      subscription: {
        name: subscriptionName({ account, id }),
        strategy: resourceName({ strategy }),
        startsAt: from === undefined ? undefined : toTimestamp(from),
        endsAt: until === undefined ? undefined : toTimestamp(until),
        trialEndsAt: trialUntil === undefined ? undefined : toTimestamp(trialUntil),
        prepaid: prepaid === true,
        revision: revision === undefined ? undefined : BigInt(revision),
        attributes: toProtoAttributes(attribute),
      },
      requestId: randomUUID(),
    }),
  );
  const view = viewSubscription(subscription);
  if (json) printJson(terminal, view);
  else terminal.print(subscriptionTable([view]));
  return EXIT.done;
}
