import { Command } from 'commander';
import type { Rating } from '../gen/ratebook/v1/rate_pb.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { accountName, subscriptionName } from '../services/rating/client.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type RatingView, ratingTable, viewRating } from './rating-view.js';
import { type ServerOptions, addServer } from './revision-options.js';
import { type Services, callServer } from './server.js';
import type { Terminal } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

type RatingsOptions = ServerOptions & {
  readonly subscription?: string;
  readonly from?: Instant;
  readonly to?: Instant;
};

const HELP = `
As they were recorded, all pages. A use that was taken back has a second rating, which counts it down again.

Examples:
  ratebook ratings acme --server 127.0.0.1:50051
  ratebook ratings acme --subscription main --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z \\
    --json --server 127.0.0.1:50051`;

export function ratingsCommand({ terminal, run }: Cli): Command {
  const command = new Command('ratings')
    .description('List what the recorded usage of an account costs.')
    .argument('<account>', 'the account, such as acme')
    .option('--subscription <id>', 'of this subscription alone')
    .option('--from <instant>', 'of uses that happened at or after this', optionOf(parseInstant))
    .option('--to <instant>', 'of uses that happened before this', optionOf(parseInstant));
  return addServer(command)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', HELP)
    .action((account: string, options: RatingsOptions) => run(listRatings(account, options, terminal)));
}

async function listRatings(account: string, options: RatingsOptions, terminal: Terminal): Promise<ExitCode> {
  const { server, json } = options;
  const views: RatingView[] = [];
  await callServer(server, async (services) => {
    for await (const ratings of pagesOf(services, account, options)) {
      const page = ratings.map(viewRating);
      if (json) terminal.print(page.map((view) => `${JSON.stringify(view)}\n`).join(''));
      // Columns are as wide as their widest cell, so a table waits for all of them.
      else views.push(...page);
    }
  });
  if (json) return EXIT.done;
  terminal.print(
    views.length === 0
      ? `Nothing is rated for ${account} here; try ratebook account show ${account} --server ${server}\n`
      : ratingTable(views),
  );
  return EXIT.done;
}

async function* pagesOf(
  { rating }: Services,
  account: string,
  { subscription, from, to }: RatingsOptions,
): AsyncGenerator<readonly Rating[]> {
  const request = {
    parent:
      subscription === undefined ? accountName(account) : subscriptionName({ account, id: subscription }),
    from: from === undefined ? undefined : toTimestamp(from),
    to: to === undefined ? undefined : toTimestamp(to),
    pageSize: 1000,
  };
  let pageToken = '';
  do {
    const page = await rating.listRatings({ ...request, pageToken });
    if (page.ratings.length > 0) yield page.ratings;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
