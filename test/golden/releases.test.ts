import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { fromDocument } from '../../src/services/rating/recording/rating-document.js';
import { recompute } from '../../src/services/rating/recording/recompute.js';
import { bookOfFiles, parseRelease } from './release.js';

const FOLDER = new URL('../../../test/golden/releases/', import.meta.url);

/** What a release has recorded must come out the same in all that follow; `record-release.ts` adds one. */
describe('ratings of earlier releases', () => {
  for (const name of readdirSync(FOLDER)) {
    const { published, ratings } = parseRelease(readFileSync(new URL(name, FOLDER), 'utf8'));
    const stored = ratings.map(fromDocument);

    it(`${name}: the documents have the same content hash`, () => {
      const book = bookOfFiles(published, compiledEngine);
      const hashes = [...book.byStrategy.values()].flat().map(({ contentHash }) => contentHash);
      assert.deepEqual(
        hashes,
        published.map(({ contentHash }) => contentHash),
      );
    });

    for (const [engine, makeEngine] of [
      ['compiled', compiledEngine],
      ['reference', referenceEngine],
    ] as const) {
      it(`${name}: all ${ratings.length} ratings replay, ${engine}`, async () => {
        const book = bookOfFiles(published, makeEngine);
        for (const rating of stored) {
          const own = stored.filter(
            (one) => one.account === rating.account && one.usageId === rating.usageId,
          );
          assert.deepEqual(await recompute(rating, own, book), rating);
        }
      });
    }
  }
});
