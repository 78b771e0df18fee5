import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Count, differenceIn, nothingCounted } from './difference.js';
import { small } from './documents.js';
import { PLANTED } from './planted.js';
import { quotes } from './quotes.js';

describe('property: strategy/engine, the fuzzer finds what is planted', function () {
  this.timeout(120_000);

  for (const [fault, engine] of Object.entries(PLANTED)) {
    const finds = async (drawn: typeof small, seed: number, count: Count) => {
      const property = fc.asyncProperty(
        drawn,
        async (one) => (await differenceIn(one, engine, count)) === undefined,
      );
      return fc.check(property, { seed, numRuns: 500, endOnFailure: true });
    };

    it(`${fault}: in matches, within a thousand pairs`, async () => {
      const count = nothingCounted();
      const { failed } = await finds(small, 1, count);
      assert.ok(failed);
      assert.ok(count.pairs < 1000, `${count.pairs} pairs`);
    });

    it(`${fault}: in quotes, within a thousand`, async () => {
      const count = nothingCounted();
      const { failed } = await finds(quotes, 1, count);
      assert.ok(failed);
      assert.ok(count.quotes < 1000, `${count.quotes} quotes`);
    });
  }
});
