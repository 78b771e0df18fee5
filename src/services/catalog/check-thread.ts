// Run as a thread of its own by check-document.ts, so that no other call waits while a document is checked.
import { CANONICAL_FORMAT } from '../../strategy/canonical.js';
import { checkDocument } from '../../strategy/document.js';
import { periodTermsOf } from '../../strategy/period-terms.js';
import { hasTree, readSource } from '../../strategy/source/read-source.js';
import { type Answer, answerQuestions } from '../../platform/thread.js';
import type { CheckedDocument } from './ports.js';
import type { ToCheck } from './check-document.js';
import { termWarnings } from './term-advice.js';

/** Checks a document with the reader that prices are served from. */
answerQuestions(({ source: sent, follows }: ToCheck): Answer<CheckedDocument> => {
  const { fileName, text, attachments } = sent;
  const source = readSource({ name: fileName, text });
  const { document, faults } = checkDocument(
    source,
    attachments.map((file) => ({ name: file.fileName, text: file.text })),
  );
  if (document === undefined) return { answer: { faults, content: undefined } };
  const { strategy, canonical, contentHash } = document;
  const terms = periodTermsOf(strategy);
  const warnings = follows === undefined || !hasTree(source) ? [] : termWarnings(source, terms, follows);
  const content = {
    strategy: strategy.id,
    title: strategy.title,
    canonical,
    contentHash,
    format: CANONICAL_FORMAT,
    terms,
  };
  return { answer: { faults: [...faults, ...warnings], content } };
});
