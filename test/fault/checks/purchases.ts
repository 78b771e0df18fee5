import type { Journal } from '../journal.js';
import type { Stored } from './stored.js';

/** What was put in or bought is there once, as it was told; what is not paid has given nothing. */
export function otherPurchases({ acts }: Journal, stored: Stored): string | undefined {
  return otherGrants(acts, stored) ?? otherOrders(acts, stored);
}

type Acts = Journal['acts'];

function otherGrants(acts: Acts, { grants, postings }: Stored): string | undefined {
  const wanted = new Map<string, string>();
  for (const [key, [answer = '']] of acts)
    if (key.startsWith('grant ')) wanted.set(key.slice('grant '.length), answer);
  for (const { _id, account, reference, amount } of grants) {
    const times = postings.filter(
      (one) => one.account === account && one.reason === 'grant' && one.reference === reference,
    );
    if (reference.startsWith('ratebook:') || reference === 'start') continue;
    const told = wanted.get(_id);
    if (told !== `${String(amount)} of ${reference}` || times.length !== 1)
      return `The grant ${_id} of ${String(amount)} was posted ${times.length} times and told as ${told ?? 'nothing'}.`;
    wanted.delete(_id);
  }
  const [missing] = wanted.keys();
  return missing === undefined ? undefined : `The grant ${missing} was answered and is not stored.`;
}

function otherOrders(acts: Acts, { orders, ratings, grants }: Stored): string | undefined {
  for (const { _id, account, purchaseId, rating, payment } of orders) {
    const price = String(rating.amount);
    const [priced] = acts.get(`purchase ${_id}`) ?? [];
    if (priced !== price) return `The purchase ${_id} costs ${price}, and ${priced ?? 'nothing'} was told.`;
    const [confirmed] = acts.get(`confirm ${_id}`) ?? [];
    const paid = payment === undefined ? undefined : `${payment} ${price}`;
    if (confirmed !== paid)
      return `The purchase ${_id} is paid by ${payment ?? 'nobody'}, and ${confirmed ?? 'nothing'} was told.`;
    const usageId = `ratebook:purchase:${purchaseId}`;
    const rated = ratings.filter((one) => one.account === account && one.usageId === usageId);
    const given = grants.filter((one) => one.account === account && one.reference.startsWith(`${usageId} `));
    const found = [...rated, ...given].map(({ amount }) => String(amount)).join();
    const wanted = paid === undefined ? '' : `${price},${price}`;
    if (found !== wanted) return `The purchase ${_id} has come to ${found}, expected ${wanted}.`;
  }
  const stored = new Set(orders.map(({ _id }) => `purchase ${_id}`));
  const missing = [...acts.keys()].find((key) => key.startsWith('purchase ') && !stored.has(key));
  return missing === undefined ? undefined : `${missing} was answered and is not stored.`;
}
