import { type Parsed, parsed, refused } from '../../errors/parsed.js';
import type { Revision } from '../../gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../platform/grpc/timestamp.js';
import { openDocument } from '../../strategy/document.js';
import { readSource } from '../../strategy/source/read-source.js';
import type { RevisionHead } from '../../strategy/choose-revision.js';
import type { EngineFactory } from '../../strategy/engine/matcher.js';
import type { SourceFile } from '../../strategy/source/source.js';
import { fromProtoAppliesTo } from '../catalog/client.js';
import type { LoadedRevision } from './revision-book.js';

/**
 * Reads a revision's document once, when it arrives, so that no quote waits for it. Refused when this version reads it
 * otherwise than the version that published it: its content would have another hash.
 */
export function loadRevision(revision: Revision, engine: EngineFactory): Parsed<LoadedRevision> {
  const { source } = revision;
  if (source === undefined) return refused('it came without its document');
  const file: SourceFile = { name: source.fileName, text: source.text };
  const attachments = source.attachments.map(({ fileName, text }): SourceFile => ({ name: fileName, text }));

  const { document, faults } = openDocument(readSource(file), attachments);
  if (document === undefined) return refused(faults[0]?.message ?? 'its document cannot be read');
  const { strategy, contentHash } = document;
  if (contentHash !== revision.contentHash)
    return refused(
      `its content has the hash ${contentHash}, but it was published as ${revision.contentHash}`,
    );
  const head = headOf(revision);
  return head.ok ? parsed({ head: head.value, contentHash, strategy, engine: engine(strategy) }) : head;
}

function headOf(revision: Revision): Parsed<RevisionHead> {
  const { number, effectiveFrom, withdrawnAt } = revision;
  const appliesTo = fromProtoAppliesTo(revision.appliesTo);
  if (!appliesTo.ok) return appliesTo;
  return parsed({
    number: Number(number),
    effectiveFrom: effectiveFrom === undefined ? 0n : fromTimestamp(effectiveFrom),
    appliesTo: appliesTo.value,
    withdrawn: withdrawnAt !== undefined,
  });
}
