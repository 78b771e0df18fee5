import type { RatingDocument } from '../../../src/services/rating/store.js';
import type { StatementDocument } from '../../../src/services/rating/statements/statement-document.js';
import type { Journal } from '../journal.js';
import type { Stored } from './stored.js';
import { type Sums, add, noSums, otherSum } from './sums.js';

/** What is summed up for the bill is what the ratings come to, by period and line. */
export function otherBills({ ratings, windows }: Stored): string | undefined {
  const [found, wanted] = [noSums(), noSums()];
  for (const { owner, period, dueAt, sums = {}, ratings: count = 0 } of windows) {
    if (owner === undefined || period === undefined) continue;
    const bill = `${owner} ${period.start} ${period.end} ${dueAt}`;
    add(found, `${bill} ratings`, count);
    for (const [key, [quantity, amount]] of Object.entries(sums)) {
      const [line, kind] = JSON.parse(key) as [string, string];
      add(found, `${bill} ${line} ${kind} quantity`, Number(quantity));
      add(found, `${bill} ${line} ${kind} amount`, Number(amount));
    }
  }
  for (const rating of ratings) {
    const { account, subscription, period, dueAt } = rating;
    addRating(wanted, `${account}/${subscription} ${period.start} ${period.end} ${dueAt}`, rating);
  }
  return otherSum('A bill', found, wanted);
}

/** Statements are numbered without a gap; each rating is on one at most, and each has what its ratings come to. */
export function otherStatements(
  { acts }: Journal,
  { ratings, statements, subscriptions }: Stored,
): string | undefined {
  const told = new Map<string, string>();
  for (const [key, [answer = 'nothing']] of acts) {
    const [what, owner = ''] = key.split(' ');
    if (what === 'close' && answer !== 'nothing') told.set(`${owner} ${answer}`, key);
  }
  for (const { _id: owner, billed } of subscriptions) {
    const own = statements.filter((one) => one.owner === owner);
    const numbers = own.map(({ number }) => number).join();
    const wanted = Array.from({ length: billed?.statements ?? 0 }, (_, i) => i + 1).join();
    if (numbers !== wanted) return `${owner} has statements ${numbers}, expected ${wanted}.`;
    const open = new Set(ratings.filter((one) => `${one.account}/${one.subscription}` === owner));
    for (const statement of own) {
      if (!told.delete(`${statement._id} ${statement.contentHash}`))
        return `${statement._id} was told to nobody, or twice.`;
      const on = [...open].filter(({ turn, dueAt }) => turn <= statement.turn && dueAt <= statement.upTo);
      for (const rating of on) open.delete(rating);
      const difference = otherStatement(statement, on);
      if (difference !== undefined) return difference;
    }
  }
  const [missing] = told.keys();
  return missing === undefined ? undefined : `The statement ${missing} was told and is not there.`;
}

function otherStatement(statement: StatementDocument, on: readonly RatingDocument[]): string | undefined {
  const [found, wanted] = [new Map([['ratings', statement.ratings]]), noSums()];
  for (const { line, kind, period, quantity, amount } of statement.lines) {
    add(found, `${period.start} ${line} ${kind} quantity`, Number(quantity));
    add(found, `${period.start} ${line} ${kind} amount`, Number(amount));
    add(found, 'amount', Number(amount));
  }
  if (found.get('amount') !== Number(statement.amount))
    return `${statement._id} is not the sum of its lines.`;
  found.delete('amount');
  add(found, 'settled', Number(statement.settled));
  const sums = noSums();
  for (const rating of on) addRating(sums, String(rating.period.start), rating);
  for (const [what, sum] of sums) {
    if (what.endsWith(' ratings')) add(wanted, 'ratings', sum);
    else if (what.endsWith(' settled amount')) add(wanted, 'settled', sum);
    else add(wanted, what, sum);
  }
  return otherSum(`The statement ${statement._id}`, found, wanted);
}

function addRating(sums: Sums, bill: string, { lines, settlements = [], currency }: RatingDocument): void {
  add(sums, `${bill} ratings`, 1);
  for (const { line, kind, quantity, amount } of lines) {
    add(sums, `${bill} ${line} ${kind} quantity`, Number(quantity));
    add(sums, `${bill} ${line} ${kind} amount`, Number(amount));
  }
  for (const { unit, amount } of settlements)
    if (unit === currency) add(sums, `${bill}  settled amount`, Number(amount));
}
