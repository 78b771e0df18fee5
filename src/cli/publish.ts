import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { toProtoAppliesTo } from '../services/catalog/client.js';
import { APPLIES_TO, type AppliesTo } from '../strategy/choose-revision.js';
import { renderFaults } from '../strategy/source/render-fault.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { fromProtoFault, toProtoSource } from './online-validate.js';
import {
  type RevisionOptions,
  addRevisionOptions,
  addServerOptions,
  revisionOf,
  tellRevision,
} from './revision-options.js';
import { callServer } from './server.js';
import { checkStrategy, readStrategyFiles, refuseDocument } from './strategy-file.js';
import type { Terminal } from './terminal.js';
import type { Cli } from './verb.js';

type PublishOptions = RevisionOptions & { readonly appliesTo: AppliesTo; readonly dryRun?: true };

export function publishCommand({ terminal, run }: Cli): Command {
  const command = new Command('publish')
    .description('Publish a strategy file as the next revision.')
    .argument('<file>', 'strategy file')
    .addOption(new Option('--applies-to <whom>', 'whom it is for').choices(APPLIES_TO).default('everyone'))
    .option('--dry-run', 'check everything, store nothing');
  return addServerOptions(addRevisionOptions(command)).action((file: string, options: PublishOptions) =>
    run(publishFile(file, options, terminal)),
  );
}

/** Checked here first: faults are shown with their lines, and a document with errors is not sent. */
async function publishFile(file: string, options: PublishOptions, terminal: Terminal): Promise<ExitCode> {
  const files = await readStrategyFiles(file, terminal);
  const checked = checkStrategy(files);
  if (checked.document === undefined) return refuseDocument(checked, terminal, options.json === true);
  const { base, effectiveFrom, appliesTo, note, dryRun } = options;
  const answer = await callServer(options.server, ({ catalog }) =>
    catalog.publishRevision({
      source: toProtoSource(files),
      base: base === undefined ? undefined : BigInt(base),
      effectiveFrom: effectiveFrom === undefined ? undefined : toTimestamp(effectiveFrom),
      appliesTo: toProtoAppliesTo[appliesTo],
      note,
      requestId: randomUUID(),
      validateOnly: dryRun,
    }),
  );
  if (!options.json)
    terminal.complain(renderFaults(answer.warnings.map(fromProtoFault), checked.texts, terminal.color));
  tellRevision(dryRun ? 'Nothing stored; this would be' : 'Published', revisionOf(answer), options, terminal);
  return EXIT.done;
}
