import assert from 'node:assert/strict';
import { after, attempt } from '../../../src/services/rating/soon.js';

const fail = () => {
  throw new Error('no');
};

describe('services/rating/soon', () => {
  it('goes on at once with a value, and later with a promise', async () => {
    assert.equal(
      after(1, (n) => n + 1),
      2,
    );
    assert.equal(await after(Promise.resolve(1), (n) => n + 1), 2);
    assert.equal(await after(1, (n) => Promise.resolve(n + 1)), 2);
  });

  for (const [name, run, expected] of [
    ['a value', () => 'good', 'good'],
    ['a throw', fail, 'Error: no'],
  ] as const) {
    it(`attempts what ends at once: ${name}`, () => {
      assert.equal(attempt<string>(run, String), expected);
    });
    it(`attempts what ends later: ${name}`, async () => {
      assert.equal(await attempt<string>(() => Promise.resolve().then(run), String), expected);
    });
  }
});
