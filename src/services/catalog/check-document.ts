import { threadOf } from '../../platform/thread.js';
import type { CheckDocument, CheckedDocument } from './ports.js';
import type { DocumentSource } from './revision.js';
import type { Follows } from './term-advice.js';

/** Checks documents in another thread, one after the other, in the order asked. */
export type DocumentChecker = { readonly check: CheckDocument; readonly stop: () => Promise<void> };

/** A document, and what it would follow if that is to be looked at. */
export type ToCheck = { readonly source: DocumentSource; readonly follows: Follows | undefined };

/** Twice what the largest documents take; one that is made to take more fails alone. */
const MEMORY_MB = 1_024;

export function documentChecker(memory = MEMORY_MB): DocumentChecker {
  const tooLarge = `The document takes more than ${memory} MB of memory to read; split the strategy or its lookups.`;
  const file = new URL('./check-thread.js', import.meta.url);
  const { ask, stop } = threadOf<ToCheck, CheckedDocument>(file, { memory, tooLarge });
  return { check: (source, follows) => ask({ source, follows }), stop };
}
