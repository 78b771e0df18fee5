import assert from 'node:assert/strict';
import { inSlices } from '../../src/platform/slices.js';

describe('platform/slices', () => {
  /** Stops after each of so many steps of half a millisecond. */
  function* work(steps: number): Generator<void, string> {
    for (let step = 0; step < steps; step++) {
      const end = performance.now() + 0.5;
      while (performance.now() < end);
      yield;
    }
    return 'done';
  }

  it('others have their turn in between', async () => {
    let turns = 0;
    const turn = () => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    assert.equal(await inSlices(work(100)), 'done');
    clearImmediate(next);
    assert.ok(turns >= 10, `${turns} turns`);
  });

  it('what fails in a slice fails the whole', async () => {
    function* failing(): Generator<void, string> {
      yield;
      throw new Error('in the second slice');
    }
    await assert.rejects(inSlices(failing()), /in the second slice/);
  });
});
