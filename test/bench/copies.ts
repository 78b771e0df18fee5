import type { RatingDocument } from '../../src/services/rating/store.js';
import { ACCOUNTS } from './uses.js';

/** Copies made so far. */
let made = 0;

/** So many copies of a rating, by turns of the accounts, each under an id and a place of its own before all that is recorded. */
export function copiesOf(template: RatingDocument, count: number, accounts = ACCOUNTS): RatingDocument[] {
  return Array.from({ length: count }, (_, i) => {
    const [account, usageId] = [`a${i % accounts}`, `copy-${made}`];
    const order = { turn: 0, place: made++ };
    return { ...template, ...order, _id: `${account} ${usageId} 1`, account, usageId };
  });
}
