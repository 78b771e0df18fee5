// Run as a thread of its own by read-document.ts, so that no quote waits while a document is read.
import { type Answer, answerQuestions } from '../../../platform/thread.js';
import { openDocument } from '../../../strategy/document.js';
import { readSource } from '../../../strategy/source/read-source.js';
import type { ReadAnswer, ReadQuestion } from './read-document.js';
import { toPieces } from './pieces.js';

answerQuestions(({ file, attachments, contentHash: expected }: ReadQuestion): Answer<ReadAnswer> => {
  const { document, faults } = openDocument(readSource(file), attachments);
  if (document === undefined) return refusal(faults[0]?.message ?? 'its document cannot be read');
  const { strategy, contentHash } = document;
  if (contentHash !== expected)
    return refusal(`its content has the hash ${contentHash}, but it was published as ${expected}`);
  const pieces = toPieces(strategy);
  return { answer: { ok: true, value: pieces }, transfer: [pieces.bytes.buffer] };
});

function refusal(why: string): Answer<ReadAnswer> {
  return { answer: { ok: false, why } };
}
