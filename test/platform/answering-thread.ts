// Run by thread.test.ts as a thread of its own.
import { type Answer, answerQuestions } from '../../src/platform/thread.js';

export type Question = number | 'throw' | 'end' | 'hoard' | 'bytes';

answerQuestions((question: Question): Answer<unknown> => {
  switch (question) {
    case 'throw':
      throw new Error('no answer to that');
    case 'end':
      return process.exit(3);
    case 'hoard': {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => i + 0.5));
    }
    case 'bytes': {
      const bytes = Uint8Array.of(1, 2, 3);
      return { answer: bytes, transfer: [bytes.buffer] };
    }
    default:
      return { answer: question * 2 };
  }
});
