import { CANONICAL_FORMAT, canonicalDocument, contentHash } from '../../strategy/canonical.js';
import { readStrategy } from '../../strategy/check.js';
import type { SourceFile } from '../../strategy/source.js';
import { tieFaults } from '../../strategy/tie-faults.js';
import type { CheckDocument } from './ports.js';
import type { Attachment } from './revision.js';

/** Reads a document with the reader that prices are served from, and looks for rules that tie. */
export const checkDocument: CheckDocument = (source) => {
  const attachments = source.attachments.map(sourceFile);
  const file = sourceFile(source);
  const { strategy, root, faults: found } = readStrategy(file, attachments);
  if (strategy === undefined || root === undefined) return { faults: found, content: undefined };
  const faults = [...found, ...tieFaults(strategy, root, file)];
  if (faults.some(({ severity }) => severity === 'error')) return { faults, content: undefined };
  const canonical = canonicalDocument(root, attachments, strategy.types);
  const { id, title } = strategy;
  const hash = contentHash(canonical);
  return { faults, content: { strategy: id, title, canonical, contentHash: hash, format: CANONICAL_FORMAT } };
};

function sourceFile({ fileName, text }: Attachment): SourceFile {
  return { name: fileName, text };
}
