import assert from 'node:assert/strict';
import { inTurns } from '../../../src/services/rating/in-turns.js';

describe('services/rating/in-turns', () => {
  const { signal } = new AbortController();

  it('gives the results in the order of the items, whenever each is there', async () => {
    const later = (n: number) => new Promise<number>((resolve) => setImmediate(resolve, n));
    assert.deepEqual(await inTurns([1, 2, 3, 4], signal, (n) => (n % 2 === 0 ? later(n) : n)), [1, 2, 3, 4]);
    assert.deepEqual(await inTurns([], signal, () => 1), []);
  });

  it('starts all before it waits for any', async () => {
    let started = 0;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    await inTurns([1, 2, 3], signal, () => {
      if (++started === 3) open();
      return opened;
    });
  });

  it('lets the event loop turn between items that take long, and not after each that does not', async () => {
    assert.ok((await turnsOf(20, 2)) >= 3);
    assert.ok((await turnsOf(1_000, 0)) < 100);
  });

  it('stops when the signal aborts between two turns, and says why', async () => {
    const controller = new AbortController();
    setImmediate(() => {
      controller.abort(new Error('enough'));
    });
    let done = 0;
    const endless = Array.from({ length: 10_000 });
    await assert.rejects(
      inTurns(endless, controller.signal, () => {
        done++;
        spend(1);
      }),
      /^Error: enough$/,
    );
    assert.ok(done < endless.length);
  });

  it('fails with the first item that fails', () =>
    assert.rejects(
      inTurns([1, 2], signal, (n) => Promise.reject(new Error(`item ${n}`))),
      /^Error: item 1$/,
    ));
});

/** Turns of the event loop while so many items are done, each of which takes so long. */
async function turnsOf(items: number, ms: number): Promise<number> {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });
  await inTurns(Array.from({ length: items }), new AbortController().signal, () => {
    spend(ms);
  });
  clearImmediate(next);
  return turns;
}

function spend(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
