import { readFileSync } from 'node:fs';
import { type RevisionBook, emptyBook, enter } from '../../src/services/rating/revisions/revision-book.js';
import type { RevisionHead } from '../../src/strategy/choose-revision.js';
import { openDocument } from '../../src/strategy/document.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { wantedAttachments } from '../../src/strategy/source/attachments.js';
import { readSource } from '../../src/strategy/source/read-source.js';

const RULES = new URL('../../../rules/', import.meta.url);

/** A book as a catalog would have filled it with the published file. */
export function bookOf(fileName: string): RevisionBook {
  const read = (name: string) => ({ name, text: readFileSync(new URL(name, RULES), 'utf8') });
  const file = read(fileName);
  const source = readSource(file);
  const files = wantedAttachments(source).map(read);
  const { document } = openDocument(source, files);
  if (document === undefined) throw new Error(`${fileName} has faults.`);
  const { strategy, contentHash } = document;
  const head: RevisionHead = { number: 1, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false };
  const filled: RevisionBook = { ...emptyBook(), watermark: 10n ** 20n, heardAt: Infinity };
  enter(filled, { head, contentHash, strategy, engine: compiledEngine(strategy) });
  return filled;
}
