import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { type Parsed, refused } from '../errors/parsed.js';
import { type RevisionName, resourceName } from '../strategy/revision-name.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { parseRevisionName } from './revision-name.js';
import { type ServerOptions, addServerOptions, revisionOf, tellRevision } from './revision-options.js';
import { callServer } from './server.js';
import type { Terminal } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

export function withdrawCommand({ terminal, run }: Cli): Command {
  const command = new Command('withdraw')
    .description('Take back a revision that is not in effect yet.')
    .argument('<strategy@n>', 'the revision, such as llm-api@3', optionOf(parseNumbered));
  return addServerOptions(command).action((name: RevisionName, options: ServerOptions) =>
    run(withdrawRevision(name, options, terminal)),
  );
}

async function withdrawRevision(
  name: RevisionName,
  options: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await callServer(options.server, ({ catalog }) =>
    catalog.withdrawRevision({ name: resourceName(name), requestId: randomUUID() }),
  );
  tellRevision('Withdrawn:', revisionOf(answer), options, terminal);
  return EXIT.done;
}

function parseNumbered(text: string): Parsed<RevisionName> {
  const name = parseRevisionName(text);
  return name.ok && name.value.number === undefined ? refused(`Say which revision, such as ${text}@3`) : name;
}
