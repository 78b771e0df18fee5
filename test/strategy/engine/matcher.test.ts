import assert from 'node:assert/strict';
import {
  type MatchQuestion,
  answerNow,
  answerSoon,
  answerWith,
} from '../../../src/strategy/engine/matcher.js';

const question: MatchQuestion = { moment: 'usage', facts: new Map() };

/** Asks so many times and lists the answers. */
function* asking(times: number): Generator<MatchQuestion, readonly number[], number> {
  const answers: number[] = [];
  while (answers.length < times) answers.push(yield question);
  return answers;
}

/** Answers 1, 2, 3, …, those in `late` as a promise. */
function counting(...late: readonly number[]) {
  let asked = 0;
  return () => (late.includes(++asked) ? Promise.resolve(asked) : asked);
}

describe('strategy/engine/matcher', () => {
  it('a calculation whose questions are answered at once is done at once', () => {
    assert.deepEqual(answerSoon(counting(), asking(3)), [1, 2, 3]);
    let asked = 0;
    assert.deepEqual(
      answerNow(() => ++asked, asking(3)),
      [1, 2, 3],
    );
    assert.deepEqual(answerSoon(counting(), asking(0)), []);
  });

  for (const late of [[1], [2], [3], [1, 2, 3], [1, 3]]) {
    it(`answers that come later are waited for: ${late.join(', ')} of 3`, async () => {
      const later = answerSoon(counting(...late), asking(3));
      assert.ok(later instanceof Promise);
      assert.deepEqual(await later, [1, 2, 3]);
      assert.deepEqual(await answerWith(counting(...late), asking(3)), [1, 2, 3]);
    });
  }

  it('what an engine throws, at once or later, is what the calculation fails with', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    assert.throws(() => answerSoon(broken, asking(1)), /^Error: broken$/);
    await assert.rejects(answerWith(broken, asking(1)), /^Error: broken$/);
    await assert.rejects(
      answerWith(() => Promise.reject(new Error('lost')), asking(1)),
      /^Error: lost$/,
    );
  });
});
