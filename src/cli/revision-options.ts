import type { Command } from 'commander';
import { RatebookError } from '../errors/error.js';
import type { Revision } from '../gen/ratebook/v1/strategy_pb.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { parseRevisionNumber } from './revision-name.js';
import { type RevisionView, viewRevision } from './revision-view.js';
import { parseAddress } from './server.js';
import { type Terminal, paint, printJson } from './terminal.js';
import { optionOf } from './verb.js';

/** What the verbs that make a new revision take. */
export type RevisionOptions = ServerOptions & {
  readonly base?: number;
  readonly effectiveFrom?: Instant;
  readonly note?: string;
};
export type ServerOptions = { readonly server: string; readonly json?: true };

export function addRevisionOptions(command: Command): Command {
  return command
    .option(
      '--base <n>',
      'the newest revision that you know; refused when there is a newer one',
      optionOf(parseRevisionNumber),
    )
    .option(
      '--effective-from <instant>',
      'from when on it prices; 5 seconds from now unless given',
      optionOf(parseInstant),
    )
    .option('--note <text>', 'why, for the history');
}

export function addServerOptions(command: Command): Command {
  return addServer(command).option('--json', 'print one JSON object');
}

export function addServer(command: Command): Command {
  return command.requiredOption('--server <host:port>', 'the running service', optionOf(parseAddress));
}

/** The revision of an answer. Throws INTERNAL for an answer without one. */
export function revisionOf({ revision }: { readonly revision?: Revision }): RevisionView {
  if (revision !== undefined) return viewRevision(revision);
  throw new RatebookError('INTERNAL', 'The service answered without a revision; is it of another version?');
}

/** What became of a revision, and what to do next. */
export function tellRevision(
  said: string,
  revision: RevisionView,
  { json, server }: ServerOptions,
  terminal: Terminal,
): void {
  if (json) {
    printJson(terminal, revision);
    return;
  }
  const { strategy, number, effective_from, content_hash } = revision;
  terminal.print(
    `${paint(terminal, 'green', said)} ${strategy} revision ${number}, effective from ${effective_from ?? 'an unknown instant'}, content ${content_hash}.\n` +
      `Next: ratebook history ${strategy} --server ${server}\n`,
  );
}
