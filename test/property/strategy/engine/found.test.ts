import assert from 'node:assert/strict';
import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import { differenceIn, nothingCounted } from './difference.js';
import { readFound } from './found.js';

describe('property: strategy/engine, what the fuzzer found', () => {
  for (const [file, found] of readFound()) {
    it(`${file}: ${found.why}`, async () => {
      assert.equal(await differenceIn(found, compiledEngine, nothingCounted()), undefined);
    });
  }
});
