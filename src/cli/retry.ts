import { Command } from 'commander';
import { accountName } from '../services/rating/client.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { countStored, openTally, tallyTable, viewTally } from './import/tally.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { callServer } from './server.js';
import { type Terminal, printJson } from './terminal.js';
import type { Cli } from './verb.js';

const HELP = `
What still has no price goes on waiting. The exit code is 0 when nothing waits any more, 3 otherwise.

Example:
  ratebook usage retry acme --server 127.0.0.1:50051`;

export function retryCommand({ terminal, run }: Cli): Command {
  const command = new Command('retry')
    .description('Rate again what waits for a price, oldest first.')
    .argument('<account>', 'the account, such as acme');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((account: string, options: ServerOptions) => run(retry(account, options, terminal)));
}

async function retry(
  account: string,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const tally = openTally();
  await callServer(server, async ({ rating }) => {
    const request = { parent: accountName(account), limit: 1000 };
    let pageToken = '';
    do {
      const page = await rating.retryUnpriced({ ...request, pageToken });
      for (const { outcome } of page.outcomes) {
        if (outcome.case === 'rejected') tally.rejected += 1;
        else if (outcome.case !== undefined) countStored(tally, outcome);
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  });
  const view = viewTally(tally);
  if (json) printJson(terminal, view);
  else terminal.print(tallyTable(view));
  return view.unpriced + view.rejected === 0 ? EXIT.done : EXIT.failed;
}
