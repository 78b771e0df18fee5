import { RatebookError } from '../../errors/error.js';
import type { Fault } from '../../strategy/fault.js';
import { type StrategyDocument, openDocument } from '../../strategy/document.js';
import { type RevisionName, resourceName } from '../../strategy/revision-name.js';
import { readSource } from '../../strategy/source/read-source.js';
import { parseRevisionName } from '../revision-name.js';
import { callServer } from '../server.js';
import { checkStrategy, readStrategyFiles } from '../strategy-file.js';
import type { Terminal } from '../terminal.js';
import type { DocumentFiles } from './job.js';

/** A document of one side: a file, or a revision of a server. There is a document exactly when no fault is an error. */
export type SideDocument = {
  /** As it was asked for. */
  readonly name: string;
  /** Of a published one. */
  readonly revision?: number;
  readonly files: DocumentFiles;
  readonly document?: StrategyDocument;
  readonly faults: readonly Fault[];
  readonly texts: ReadonlyMap<string, string>;
};

/** With a server, what can be the name of a strategy or revision is one: `llm-api`, `llm-api@3`. A path has a dot or a slash. */
export async function readSide(
  name: string,
  server: string | undefined,
  terminal: Terminal,
): Promise<SideDocument> {
  const revision = parseRevisionName(name);
  if (!revision.ok) return readFileSide(name, terminal);
  if (server !== undefined) return readRevision(name, revision.value, server);
  if (name.includes('@')) {
    const message = `${name} is a revision of a server; say which with --server, such as 127.0.0.1:50051.`;
    throw new RatebookError('INVALID_REQUEST', message);
  }
  return readFileSide(name, terminal);
}

async function readFileSide(name: string, terminal: Terminal): Promise<SideDocument> {
  const files = await readStrategyFiles(name, terminal);
  const { document, faults, texts } = checkStrategy({ ...files, cases: undefined });
  return { name, files: { file: files.file, attachments: files.attachments }, document, faults, texts };
}

/** What was published stays readable, also where a file would be refused today. */
async function readRevision(name: string, revision: RevisionName, server: string): Promise<SideDocument> {
  const { revision: found } = await callServer(server, ({ catalog }) =>
    catalog.getRevision({ name: resourceName(revision) }),
  );
  if (found?.source === undefined)
    throw new RatebookError('INTERNAL', `${server} answered without the document of ${name}.`);
  const { fileName, text } = found.source;
  const file = { name: fileName, text };
  const attachments = found.source.attachments.map((one) => ({ name: one.fileName, text: one.text }));
  const { document, faults } = openDocument(readSource(file), attachments);
  const texts = new Map([file, ...attachments].map((one) => [one.name, one.text]));
  return { name, revision: Number(found.number), files: { file, attachments }, document, faults, texts };
}
