import { type RevisionName, resourceName } from '../strategy/revision-name.js';
import { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.js';
import { parseRevisionName } from './revision-name.js';
import { type ServerOptions, addServerOptions, revisionOf } from './revision-options.js';
import { callServer } from './server.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

export function showCommand({ terminal, run }: Cli): Command {
  const command = new Command('show')
    .description('Print the document of a revision, as it was published.')
    .argument('<strategy[@n]>', 'the newest revision of llm-api, or llm-api@3', optionOf(parseRevisionName));
  return addServerOptions(command).action((name: RevisionName, options: ServerOptions) =>
    run(showRevision(name, options, terminal)),
  );
}

async function showRevision(
  name: RevisionName,
  { server, json }: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await callServer(server, ({ catalog }) => catalog.getRevision({ name: resourceName(name) }));
  const { fileName = '', text = '', attachments = [] } = answer.revision?.source ?? {};
  if (json) {
    const source = {
      file_name: fileName,
      text,
      attachments: attachments.map((file) => ({ file_name: file.fileName, text: file.text })),
    };
    printJson(terminal, { ...revisionOf(answer), source });
  } else {
    terminal.print(text.endsWith('\n') ? text : `${text}\n`);
  }
  return EXIT.done;
}
