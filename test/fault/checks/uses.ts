import type { RatingDocument } from '../../../src/services/rating/store.js';
import type { Journal, Sent } from '../journal.js';
import type { Stored } from './stored.js';

/** A use is stored if and only if that was acknowledged, once, as it was sent, and answered ever after with what is stored. */
export function otherUses(journal: Journal, { ratings, unpriced }: Stored): string | undefined {
  const first = ratings.filter(({ moment, number }) => moment === 'usage' && number === 1);
  return (
    otherAnswers(journal, first) ??
    otherKeys('ratings', sentAs(journal, isRated), first) ??
    otherKeys('unpriced', sentAs(journal, isUnpriced), unpriced) ??
    otherOrder(journal, first) ??
    otherQuantities(journal, first)
  );
}

const keyOf = ({ account, usageId }: { readonly account: string; readonly usageId: string }) =>
  `${account} ${usageId}`;

const isRated = ({ answers }: Sent) => answers.some((answer) => /^(rated|duplicate) /.test(answer));
const isUnpriced = ({ answers }: Sent) => answers.includes('unpriced');

function sentAs(journal: Journal, is: (sent: Sent) => boolean): readonly string[] {
  return [...journal.uses].filter(([, sent]) => is(sent)).map(([key]) => key);
}

function otherAnswers(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  const amounts = new Map(ratings.map((rating) => [keyOf(rating), rating.amount.toString()]));
  for (const [key, sent] of journal.uses) {
    const wanted = wantedAnswer(sent, amounts.get(key) ?? 'that is stored');
    const wrong = sent.answers.find((answer, i) => !wanted(answer, i));
    if (wrong !== undefined)
      return `${key} (${sent.use.kind}, stored: ${amounts.get(key) ?? 'nothing'}) was answered ${sent.answers.join(', ')}.`;
  }
  return undefined;
}

/** What is refused for want of money may be taken when it is sent again. */
const NO_MONEY = 'rejected BALANCE_TOO_LOW';

function wantedAnswer({ use, answers }: Sent, amount: string): (answer: string, place: number) => boolean {
  const refused = answers.findIndex((answer) => answer !== NO_MONEY);
  switch (use.kind) {
    case 'plain':
      return (answer, place) =>
        answer === `duplicate ${amount}` ||
        (place === refused && answer === `rated ${amount}`) ||
        (answer === NO_MONEY && (refused === -1 || place < refused));
    case 'odd':
      return (answer) => answer === 'unpriced';
    case 'banned':
      return (answer) => answer === 'rejected REJECTED';
  }
}

function otherKeys(
  where: string,
  acknowledged: readonly string[],
  documents: readonly { readonly account: string; readonly usageId: string }[],
): string | undefined {
  const wanted = new Set(acknowledged);
  for (const key of documents.map(keyOf)) {
    if (!wanted.delete(key)) return `${key} is in ${where} twice, or should not be there.`;
  }
  const [missing] = wanted;
  return missing === undefined ? undefined : `${missing} is not in ${where}.`;
}

/** What one client has sent to an account is recorded in the order sent, unless it was refused at first. */
function otherOrder(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  const last = new Map<string, number>();
  for (const rating of ratings) {
    const { use, answers } = journal.uses.get(keyOf(rating))!;
    if (answers[0] === NO_MONEY) continue;
    const line = `${rating.account} ${use.client}`;
    if (use.place <= (last.get(line) ?? -1)) return `${keyOf(rating)} was recorded after a later use.`;
    last.set(line, use.place);
  }
  return undefined;
}

function otherQuantities(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  for (const rating of ratings) {
    const { units } = journal.uses.get(keyOf(rating))!.use;
    const found = rating.lines.map(({ price, quantity }) => `${price} ${String(quantity)}`).toSorted();
    if (found.join() !== `calls 1,units ${units}`)
      return `${keyOf(rating)} is of ${found.join()}, expected ${units} units.`;
  }
  return undefined;
}
