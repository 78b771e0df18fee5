import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { type RevisionName, resourceName } from '../strategy/revision-name.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { parseRevisionName, parseRevisionNumber } from './revision-name.js';
import {
  type RevisionOptions,
  addRevisionOptions,
  addServerOptions,
  revisionOf,
  tellRevision,
} from './revision-options.js';
import { callServer } from './server.js';
import type { Terminal } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

type RollbackOptions = RevisionOptions & { readonly to: number };

export function rollbackCommand({ terminal, run }: Cli): Command {
  const command = new Command('rollback')
    .description("Publish an earlier revision's document again, as a new revision.")
    .argument('<strategy>', 'the strategy, such as llm-api', optionOf(parseRevisionName))
    .requiredOption('--to <n>', 'the revision whose document comes back', optionOf(parseRevisionNumber));
  return addServerOptions(addRevisionOptions(command)).action(
    (name: RevisionName, options: RollbackOptions) => run(rollBack(name, options, terminal)),
  );
}

async function rollBack(
  { strategy }: RevisionName,
  options: RollbackOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { to, base, effectiveFrom, note } = options;
  const answer = await callServer(options.server, ({ catalog }) =>
    catalog.rollBackStrategy({
      name: resourceName({ strategy, number: to }),
      base: base === undefined ? undefined : BigInt(base),
      effectiveFrom: effectiveFrom === undefined ? undefined : toTimestamp(effectiveFrom),
      note,
      requestId: randomUUID(),
    }),
  );
  tellRevision('Published', revisionOf(answer), options, terminal);
  return EXIT.done;
}
