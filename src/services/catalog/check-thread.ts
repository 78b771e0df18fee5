// Run as a thread of its own by check-document.ts, so that no other call waits while a document is checked.
import { CANONICAL_FORMAT } from '../../strategy/canonical.js';
import { checkDocument } from '../../strategy/document.js';
import { periodTermsOf } from '../../strategy/period-terms.js';
import { readSource } from '../../strategy/source/read-source.js';
import { type Answer, answerQuestions } from '../../platform/thread.js';
import type { CheckedDocument } from './ports.js';
import type { DocumentSource } from './revision.js';

/** Checks a document with the reader that prices are served from. */
answerQuestions(({ fileName, text, attachments }: DocumentSource): Answer<CheckedDocument> => {
  const source = readSource({ name: fileName, text });
  const { document, faults } = checkDocument(
    source,
    attachments.map((file) => ({ name: file.fileName, text: file.text })),
  );
  if (document === undefined) return { answer: { faults, content: undefined } };
  const { strategy, canonical, contentHash } = document;
  const content = {
    strategy: strategy.id,
    title: strategy.title,
    canonical,
    contentHash,
    format: CANONICAL_FORMAT,
    terms: periodTermsOf(strategy),
  };
  return { answer: { faults, content } };
});
