import { CANONICAL_FORMAT } from '../../strategy/canonical.js';
import { checkDocument as check } from '../../strategy/document.js';
import { readSource } from '../../strategy/source/read-source.js';
import type { CheckDocument } from './ports.js';

/** Checks a document with the reader that prices are served from. */
export const checkDocument: CheckDocument = ({ fileName, text, attachments }) => {
  const source = readSource({ name: fileName, text });
  const { document, faults } = check(
    source,
    attachments.map((file) => ({ name: file.fileName, text: file.text })),
  );
  if (document === undefined) return { faults, content: undefined };
  const { strategy, canonical, contentHash } = document;
  return {
    faults,
    content: {
      strategy: strategy.id,
      title: strategy.title,
      canonical,
      contentHash,
      format: CANONICAL_FORMAT,
    },
  };
};
