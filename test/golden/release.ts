import { BSON } from 'mongodb';
import type { RatingDocument } from '../../src/services/rating/store.js';
import type { LoadedRevision, RevisionBook } from '../../src/services/rating/revisions/revision-book.js';
import { emptyBook, enter } from '../../src/services/rating/revisions/revision-book.js';
import { openDocument } from '../../src/strategy/document.js';
import type { EngineFactory } from '../../src/strategy/engine/matcher.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import type { SourceFile } from '../../src/strategy/source/source.js';

/** A revision as it was published. */
export type PublishedFile = { readonly contentHash: string; readonly files: readonly SourceFile[] };

/** What a release has recorded: the documents, each with its attachments after it, and ratings as they were stored. */
export type Release = {
  readonly published: readonly PublishedFile[];
  readonly ratings: readonly RatingDocument[];
};

/** One JSON text a line: a document or, in MongoDB's extended JSON, a rating. */
export function formatRelease({ published, ratings }: Release): string {
  const texts = [
    ...published.map((file) => JSON.stringify(file)),
    ...ratings.map((rating) => BSON.EJSON.stringify(rating, { relaxed: false })),
  ];
  return `${texts.join('\n')}\n`;
}

export function parseRelease(text: string): Release {
  const lines = text.trimEnd().split('\n');
  const isPublished = (line: string) => line.startsWith('{"contentHash"');
  return {
    published: lines.filter(isPublished).map((line) => JSON.parse(line) as PublishedFile),
    ratings: lines
      .filter((line) => !isPublished(line))
      .map((line) => BSON.EJSON.parse(line, { relaxed: true, useBigInt64: true }) as RatingDocument),
  };
}

/** A book of these documents, each in effect since ever as revision 1. */
export function bookOfFiles(published: readonly PublishedFile[], makeEngine: EngineFactory): RevisionBook {
  const book: RevisionBook = { ...emptyBook(), watermark: 10n ** 20n, heardAt: Infinity };
  for (const { files } of published) enter(book, loaded(files, makeEngine));
  return book;
}

function loaded([file, ...attachments]: readonly SourceFile[], makeEngine: EngineFactory): LoadedRevision {
  if (file === undefined) throw new Error('a revision has no file');
  const { document } = openDocument(readSource(file), attachments);
  if (document === undefined) throw new Error(`${file.name} has faults`);
  const { strategy, contentHash } = document;
  const head = { number: 1, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false } as const;
  return { head, contentHash, strategy, engine: makeEngine(strategy) };
}
