import type { Journal } from '../journal.js';

/** What was answered once was answered so ever after. */
export function otherAnswers({ acts }: Journal): string | undefined {
  for (const [key, answers] of acts)
    if (new Set(answers).size > 1) return `${key} was answered ${answers.join(', then ')}.`;
  return undefined;
}
