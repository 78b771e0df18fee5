import type { CatalogPorts, CheckedDocument } from './ports.js';
import type { DocumentSource } from './revision.js';

/** Checks a document and stores nothing. Faults are the answer, not an error. */
export function validateStrategy(
  source: DocumentSource,
  ports: Pick<CatalogPorts, 'checkDocument'>,
): Promise<CheckedDocument> {
  return ports.checkDocument(source);
}
