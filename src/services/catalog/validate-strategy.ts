import { termChanges } from '../../strategy/period-terms.js';
import type { CatalogPorts, CheckedDocument } from './ports.js';
import type { DocumentSource } from './revision.js';
import { currentTerms, readHead } from './store.js';
import { defaultEffectiveFrom } from './watermark.js';

/**
 * Checks a document and stores nothing. Faults are the answer, not an error; where it would follow a revision, what it may
 * not change at any time is warned of.
 */
export async function validateStrategy(
  source: DocumentSource,
  ports: CatalogPorts,
): Promise<CheckedDocument> {
  const { store, clock, checkDocument } = ports;
  const checked = await checkDocument(source);
  if (checked.content === undefined) return checked;
  const { strategy, terms } = checked.content;
  const current = await currentTerms(store, strategy);
  if (current?.terms === undefined || termChanges(current.terms, terms).length === 0) return checked;
  // Only where they are is found by reading it again.
  const from = defaultEffectiveFrom(await readHead(store), clock.now());
  return checkDocument(source, { number: current.number, terms: current.terms, from });
}
