import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import { differenceIn, nothingCounted } from './difference.js';
import { small, wide } from './documents.js';
import type { Drawn } from './drawn.js';
import { quotes } from './quotes.js';
import { manyTiles, someTiles } from './tiles.js';

describe('property: strategy/engine', function () {
  this.timeout(300_000);
  const count = nothingCounted();

  const sizes: readonly (readonly [title: string, drawn: fc.Arbitrary<Drawn>, documents: number])[] = [
    ['a few rules of any kind', small, 1400],
    ['more rules than a word has bits', wide, 60],
    ['boxes that tile', someTiles, 120],
    ['more than a thousand boxes', manyTiles, 3],
    ['whole quotes, with facts of any kind', quotes, 300],
  ];
  for (const [title, drawn, documents] of sizes) {
    it(`the compiled engine says what the reference says: ${title}`, () =>
      fc.assert(
        fc.asyncProperty(drawn, async (one) => {
          assert.equal(await differenceIn(one, compiledEngine, count), undefined);
        }),
        { numRuns: documents },
      ));
  }

  it('which was worth asking: some rules matched and some did not, and many a quote came to a price', () => {
    const { documents, pairs, mixed, quotes: asked, priced } = count;
    console.log(
      `        ${documents} documents, ${pairs} pairs (${mixed} mixed), ${asked} quotes (${priced} priced)`,
    );
    assert.ok(pairs >= 20_000, `${pairs} pairs`);
    assert.ok(mixed >= 0.65 * pairs, `${mixed} of ${pairs}`);
    assert.ok(priced >= 0.2 * asked && priced <= 0.8 * asked, `${priced} of ${asked}`);
  });
});
