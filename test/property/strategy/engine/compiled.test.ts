import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import { differenceIn, nothingCounted } from './difference.js';
import { type Drawn, small, wide } from './documents.js';
import { manyTiles, someTiles } from './tiles.js';

describe('property: strategy/engine', function () {
  this.timeout(300_000);
  const count = nothingCounted();

  const sizes: readonly (readonly [title: string, drawn: fc.Arbitrary<Drawn>, documents: number])[] = [
    ['a few rules of any kind', small, 2000],
    ['more rules than a word has bits', wide, 60],
    ['boxes that tile', someTiles, 120],
    ['more than a thousand boxes', manyTiles, 3],
  ];
  for (const [title, drawn, numRuns] of sizes) {
    it(`both engines match the same rules in the same order, and trace them alike: ${title}`, async () => {
      const before = { ...count },
        t = performance.now();
      await fc.assert(
        fc.asyncProperty(drawn, async (one) => {
          assert.equal(await differenceIn(one, compiledEngine, count), undefined);
        }),
        { numRuns },
      );
      console.log(
        title,
        count.documents - before.documents,
        count.pairs - before.pairs,
        count.mixed - before.mixed,
        performance.now() - t,
      );
    });
  }
});
