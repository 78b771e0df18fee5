import type { Journal } from '../journal.js';
import type { Stored } from './stored.js';

/** Each hold is what was told of it, has ended at most once, and only the use of a committed one is rated. */
export function otherHolds({ acts }: Journal, { holds, ratings, events }: Stored): string | undefined {
  const reserved = new Map(
    [...acts].filter(([key, [answer]]) => key.startsWith('reserve ') && isGiven(answer)),
  );
  const rated = new Set(ratings.map(({ account, usageId }) => `${account} ${usageId}`));
  for (const { _id, account, holdId, state, amount, unit, usageId = holdId } of holds) {
    const [told = 'nothing'] = reserved.get(`reserve ${_id}`) ?? [];
    if (told !== `${String(amount)} ${unit}`)
      return `The hold ${_id} is of ${String(amount)}, and ${told} was told.`;
    reserved.delete(`reserve ${_id}`);
    const [ended = state === 'expired' ? 'expired' : 'open'] = acts.get(`end ${_id}`) ?? [];
    if (ended !== state) return `The hold ${_id} is ${state}, and ${ended} was told.`;
    if (rated.has(`${account} ${usageId}`) !== (state === 'committed'))
      return `The hold ${_id} is ${state}, which its use does not agree with.`;
    const expiries = events.filter(
      (event) =>
        event.type === 'ratebook.hold.expired' &&
        event.account === account &&
        event.data['hold_id'] === holdId,
    ).length;
    const isTold = state === 'committed' ? expiries <= 1 : expiries === (state === 'expired' ? 1 : 0);
    if (!isTold) return `It was told ${expiries} times that ${_id} has expired, which is ${state}.`;
  }
  const [missing] = reserved.keys();
  return missing === undefined ? undefined : `${missing} was answered and is not stored.`;
}

function isGiven(answer = 'refused'): boolean {
  return !answer.startsWith('refused');
}
