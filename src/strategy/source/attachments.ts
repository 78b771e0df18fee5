import { nodeAt } from './place.js';
import type { Source } from './read-source.js';

/**
 * The names of the CSV files that a document's lookups mention, each once, for a caller that reads them before
 * `readStrategy`. Names that lead out of the document's folder are left out; `readStrategy` reports them.
 */
export function wantedAttachments({ root }: Source): readonly string[] {
  const lookups = root && nodeAt(root, ['lookups']);
  if (lookups?.kind !== 'map') return [];
  const names = lookups.entries.flatMap(({ value }) => {
    const rows = nodeAt(value, ['rows']);
    return rows?.kind === 'scalar' && isAttachmentName(rows.text) ? [rows.text] : [];
  });
  return [...new Set(names)];
}

/** Names of files that a lookup may mention: beside the document or below it. */
const FILE_NAME = /^(?!\/)(?!.*\.\.)[\w][\w ./-]*$/;
export function isAttachmentName(name: string): boolean {
  return FILE_NAME.test(name);
}
