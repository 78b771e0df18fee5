import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { Revision } from '../../../gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../../../platform/grpc/timestamp.js';
import { inSlices } from '../../../platform/slices.js';
import type { RevisionHead } from '../../../strategy/choose-revision.js';
import type { Engine } from '../../../strategy/engine/matcher.js';
import type { SourceFile } from '../../../strategy/source/source.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { fromProtoAppliesTo } from '../../catalog/client.js';
import type { DocumentReader } from './read-document.js';
import type { LoadedRevision } from './revision-book.js';

/** Makes an engine for a strategy, with stops in which requests are answered. */
export type Compile = (strategy: Strategy) => Generator<void, Engine>;

export type Loader = { readonly read: DocumentReader['read']; readonly compile: Compile };

/** Reads and compiles a revision's document once, when it arrives, beside the requests that are answered meanwhile. */
export async function loadRevision(
  revision: Revision,
  head: RevisionHead,
  { read, compile }: Loader,
): Promise<Parsed<LoadedRevision>> {
  const { source, contentHash } = revision;
  if (source === undefined) return refused('it came without its document');
  const file: SourceFile = { name: source.fileName, text: source.text };
  const attachments = source.attachments.map(({ fileName, text }): SourceFile => ({ name: fileName, text }));
  const strategy = await read({ file, attachments, contentHash });
  if (!strategy.ok) return strategy;
  const engine = await inSlices(compile(strategy.value));
  return parsed({ head, contentHash, strategy: strategy.value, engine });
}

/** What decides when a revision prices. Refused when it is for those whom only another version knows. */
export function headOf(revision: Revision): Parsed<RevisionHead> {
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
