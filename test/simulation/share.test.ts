import assert from 'node:assert/strict';
import { shareOf } from '../../src/simulation/share.js';

describe('simulation/share', () => {
  it('is the same for an account, always', () => {
    // The first two by hand: FNV-1a of nothing is 0x811c9dc5, of "a" 0xe40c292c; folded 0x811d9ffc and 0xe40de134.
    assert.deepEqual(
      ['', 'a'].map((account) => shareOf(account, 1000)),
      [0x811d9ffc % 1000, 0xe40de134 % 1000],
    );
    assert.equal(shareOf('whoever', 1), 0);
  });

  for (const shares of [2, 3, 8, 64]) {
    it(`is nearly equal for each of ${shares}`, () => {
      const counts = Array.from({ length: shares }, () => 0);
      for (let i = 0; i < 1000 * shares; i++) counts[shareOf(`customer-${i}`, shares)]! += 1;
      assert.ok(Math.min(...counts) > 850 && Math.max(...counts) < 1150, counts.join(' '));
    });
  }
});
