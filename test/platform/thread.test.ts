import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import type { RatebookError } from '../../src/errors/error.js';
import { type Thread, threadOf } from '../../src/platform/thread.js';
import type { Question } from './answering-thread.js';

describe('platform/thread', () => {
  let thread: Thread<Question, unknown>;
  beforeEach(() => {
    const file = new URL('./answering-thread.js', import.meta.url);
    thread = threadOf(file, { memory: 32, tooLarge: 'Ask less.' });
  });
  afterEach(() => thread.stop());

  /** The next thread that is started. */
  const started = () => new Promise<Worker>((resolve) => process.once('worker', resolve));

  it('answers in the order asked', async () => {
    const order: unknown[] = [];
    const note = (answer: unknown) => order.push(answer);
    await Promise.all([3, 1, 2].map((question) => thread.ask(question).then(note)));
    assert.deepEqual(order, [6, 2, 4]);
  });

  it('hands over bytes', async () => {
    assert.deepEqual(await thread.ask('bytes'), Uint8Array.of(1, 2, 3));
  });

  it('one that is killed over a question is started again and asked again', async () => {
    const killed = started().then((worker) => worker.terminate());
    const again = killed.then(started);
    assert.equal(await thread.ask(21), 42);
    await again;
  });

  it('one that was killed while it had nothing to do is started again', async () => {
    const first = started();
    await thread.ask(1);
    await (await first).terminate();
    assert.equal(await thread.ask(2), 4);
  });

  const failures: readonly (readonly [question: Question, message: RegExp])[] = [
    ['throw', /^no answer to that$/],
    ['end', /^The thread ended with exit code 3\.$/],
    ['hoard', /^Ask less\.$/],
  ];
  for (const [question, message] of failures) {
    it(`a question that makes it fail (${question}) fails alone`, async () => {
      const [failed, next] = await Promise.allSettled([thread.ask(question), thread.ask(4)]);
      assert.ok(failed.status === 'rejected');
      assert.match((failed.reason as Error).message, message);
      assert.deepEqual(next, { status: 'fulfilled', value: 8 });
    });
  }

  it('too little memory has a reason of its own', async () => {
    await assert.rejects(thread.ask('hoard'), ({ reason }: RatebookError) => reason === 'TOO_LARGE');
  });

  it('once stopped it answers nothing, not what was asked before either', async () => {
    const asked = thread.ask(1);
    const stopping = thread.stop();
    for (const answer of [asked, thread.ask(2)])
      await assert.rejects(answer, ({ reason }: RatebookError) => reason === 'UNAVAILABLE');
    await stopping;
  });
});
