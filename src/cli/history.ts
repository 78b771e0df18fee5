import { Command } from 'commander';
import type { Revision } from '../gen/ratebook/v1/strategy_pb.js';
import { type RevisionName, resourceName } from '../strategy/revision-name.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { parseRevisionName } from './revision-name.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { revisionTable, viewRevision } from './revision-view.js';
import { type Services, callServer } from './server.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

export function historyCommand({ terminal, run }: Cli): Command {
  const command = new Command('history')
    .description('List the revisions of a strategy, newest first, or the newest one of every strategy.')
    .argument(
      '[strategy]',
      'the strategy, such as llm-api; every one unless given',
      optionOf(parseRevisionName),
    );
  return addServerOptions(command).action((name: RevisionName | undefined, options: ServerOptions) =>
    run(listHistory(name, options, terminal)),
  );
}

async function listHistory(
  name: RevisionName | undefined,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const revisions = await callServer(server, (services) => allPages(services, name));
  const views = revisions.map(viewRevision);
  if (json) printJson(terminal, { revisions: views });
  else if (views.length === 0)
    terminal.print(`Nothing is published yet; try ratebook publish FILE --server ${server}\n`);
  else terminal.print(revisionTable(views));
  return EXIT.done;
}

const PAGE = { pageSize: 1000 };

/** Of one strategy all revisions, or of every strategy its newest. */
async function allPages({ catalog }: Services, name: RevisionName | undefined): Promise<readonly Revision[]> {
  const found: Revision[] = [];
  let pageToken = '';
  do {
    const page =
      name === undefined
        ? await catalog.listStrategies({ ...PAGE, pageToken })
        : await catalog.listRevisions({
            ...PAGE,
            pageToken,
            parent: resourceName({ strategy: name.strategy }),
          });
    found.push(...page.revisions);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}
