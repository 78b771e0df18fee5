import { threadOf } from '../../platform/thread.js';
import type { CheckDocument, CheckedDocument } from './ports.js';
import type { DocumentSource } from './revision.js';

/** Checks documents in another thread, one after the other, in the order asked. */
export type DocumentChecker = { readonly check: CheckDocument; readonly stop: () => Promise<void> };

/** Twice what the largest documents take; one that is made to take more fails alone. */
const MEMORY_MB = 1_024;

export function documentChecker(memory = MEMORY_MB): DocumentChecker {
  const tooLarge = `The document takes more than ${memory} MB of memory to read; split the strategy or its lookups.`;
  const file = new URL('./check-thread.js', import.meta.url);
  const { ask, stop } = threadOf<DocumentSource, CheckedDocument>(file, { memory, tooLarge });
  return { check: ask, stop };
}
