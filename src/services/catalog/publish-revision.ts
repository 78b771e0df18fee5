import { RatebookError, type Violation, violationError } from '../../errors/error.js';
import { earlierAnswer } from '../../platform/mongo/answer-once.js';
import type { RequestKey } from '../../platform/request-key.js';
import type { Fault } from '../../strategy/fault.js';
import { changeOnce } from './change-once.js';
import { nextRevision, type Draft } from './next-revision.js';
import type { CatalogPorts, DocumentContent } from './ports.js';
import type { Changed, DocumentSource } from './revision.js';
import { insertRevision, readHead } from './store.js';

export type PublishInput = Pick<Draft, 'base' | 'effectiveFrom' | 'appliesTo' | 'note' | 'publishedBy'> & {
  readonly source: DocumentSource;
  readonly request: RequestKey | undefined;
  readonly validateOnly: boolean;
};

/** A document of MongoDB holds 16 MiB; the rest is left for what stands beside these texts. */
const mostBytes = 15 * 1024 * 1024;

/**
 * Stores a document as its strategy's next revision. Throws INVALID_DOCUMENT with a violation a fault, TOO_LARGE,
 * STALE_BASE, EFFECTIVE_FROM_TAKEN, PERIOD_RUNNING, REQUEST_ID_REUSED.
 */
export async function publishRevision(input: PublishInput, ports: CatalogPorts): Promise<Changed> {
  const { store } = ports;
  // Before the check: a later release may find faults in a document that an earlier one has published.
  const earlier = input.validateOnly ? undefined : await earlierAnswer(input.request, store);
  if (earlier !== undefined) return earlier;

  const { source } = input;
  const { faults: warnings, content } = await ports.checkDocument(source);
  if (content === undefined) throw invalidDocument(warnings);
  refuseTooLarge(source, content);

  const draft = draftOf(input, content);
  if (input.validateOnly)
    return { revision: await nextRevision(draft, await readHead(store), ports), warnings };
  return changeOnce(input.request, ports, async (head, session) => {
    const revision = await nextRevision(draft, head, ports, session);
    const { canonical, terms } = content;
    await insertRevision(store, { ...revision, source, canonical, terms }, head.sequence, session);
    return { revision, warnings };
  });
}

function draftOf(input: PublishInput, content: DocumentContent): Draft {
  const { strategy, title, contentHash, format, terms } = content;
  const { base, effectiveFrom, appliesTo, note, publishedBy } = input;
  return {
    strategy,
    title,
    contentHash,
    format,
    terms,
    base,
    effectiveFrom,
    appliesTo,
    note,
    publishedBy,
    rolledBackTo: 0,
  };
}

function invalidDocument(faults: readonly Fault[]): RatebookError {
  const violations = faults.filter((fault) => fault.severity === 'error').map(violationOf);
  return violationError('INVALID_DOCUMENT', violations);
}

function violationOf({ file, line, column, path, message, hint }: Fault): Violation {
  const place = `${file}:${line.toString()}:${column.toString()}`;
  return {
    field: path === '' ? place : `${place} ${path}`,
    description: hint === '' ? message : `${message} (${hint})`,
  };
}

function refuseTooLarge(source: DocumentSource, content: DocumentContent): void {
  const attached = source.attachments.map((attachment) => attachment.text);
  const texts = [source.text, content.canonical, JSON.stringify(content.terms), ...attached];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= mostBytes) return;
  throw new RatebookError(
    'TOO_LARGE',
    `${source.fileName} with its CSV files and its canonical form has ${bytes.toString()} bytes, over the ${mostBytes.toString()} that a revision may have; split the strategy or its lookups.`,
  );
}
