import type {
  PostingDocument,
  WalletDocument,
} from '../../../src/services/rating/wallets/wallet-document.js';
import { CREDIT_LIMIT } from '../strategies.js';
import type { Stored } from './stored.js';
import { add, noSums, otherSum } from './sums.js';

/** Nothing comes from nowhere, and a wallet is what its postings say, no more and no less. */
export function otherLedger(stored: Stored): string | undefined {
  for (const { _id, entries } of stored.postings)
    if (entries.reduce((sum, { amount }) => sum + Number(amount), 0) !== 0)
      return `The entries of ${_id} do not sum to zero.`;
  for (const wallet of stored.wallets) {
    const own = stored.postings.filter(
      (posting) => posting.account === wallet.account && posting.wallet === wallet.wallet,
    );
    const difference = otherBalance(wallet, own) ?? otherHeld(wallet, stored);
    if (difference !== undefined) return difference;
  }
  return otherBooks(stored) ?? belowLimit(stored);
}

function otherBalance(
  { _id, ...wallet }: WalletDocument,
  postings: readonly PostingDocument[],
): string | undefined {
  let balance = 0;
  for (const [i, posting] of postings.entries()) {
    balance += Number(posting.entries[0]?.amount);
    if (posting.number !== i + 1) return `${_id} has no posting ${i + 1}.`;
    if (Number(posting.balance) !== balance)
      return `${posting._id} leaves ${String(posting.balance)}, expected ${balance}.`;
  }
  const left = wallet.grants.reduce((sum, { remaining }) => sum + Number(remaining), 0) - Number(wallet.owed);
  if (wallet.postings !== postings.length)
    return `${_id} counts ${wallet.postings} postings of ${postings.length}.`;
  return left === balance ? undefined : `${_id} has ${left}, and ${balance} by its postings.`;
}

/** What is held of a grant is what open holds have reserved of it. */
function otherHeld(
  { _id, account, wallet, grants, heldCredit }: WalletDocument,
  { holds }: Stored,
): string | undefined {
  const [found, wanted] = [new Map([['credit', Number(heldCredit)]]), noSums()];
  for (const { reference, held } of grants) add(found, reference, Number(held));
  for (const hold of holds)
    if (hold.account === account && hold.state === 'open')
      for (const part of hold.parts)
        if (part.wallet === wallet) add(wanted, part.grant || 'credit', Number(part.amount));
  return otherSum(`What is held in ${_id}`, found, wanted);
}

/** Prepaid usage is paid in full, by the very postings that name it; what was put in is what was granted. */
function otherBooks({ ratings, postings, subscriptions, grants }: Stored): string | undefined {
  const [found, wanted] = [noSums(), noSums()];
  for (const { account, reference, entries } of postings)
    for (const { book, amount } of entries)
      if (book === 'usage' || book === 'payments')
        add(found, `${book} ${account} ${reference}`, Number(amount));
  const prepaid = new Set(subscriptions.filter((one) => one.prepaid).map(({ _id }) => _id));
  for (const { account, subscription, usageId, moment, amount } of ratings)
    if (moment !== 'purchase' && prepaid.has(`${account}/${subscription}`))
      add(wanted, `usage ${account} ${usageId}`, Number(amount));
  for (const { account, reference, amount } of grants)
    if (!reference.startsWith('ratebook:back:'))
      add(wanted, `payments ${account} ${reference}`, -Number(amount));
  return otherSum('A book', found, wanted);
}

/** Only what has happened anyhow may take a wallet below its limit: a hold's use, a correction, a period. */
function belowLimit({ ratings, postings, holds }: Stored): string | undefined {
  const corrected = ratings.filter(({ number, moment }) => number > 1 || moment !== 'usage');
  const mayOwe = new Set([...holds, ...corrected].map(({ account, usageId }) => `${account} ${usageId}`));
  for (const { _id, account, reason, reference, balance } of postings)
    if (reason === 'use' && Number(balance) < -CREDIT_LIMIT && !mayOwe.has(`${account} ${reference}`))
      return `${_id} takes the wallet to ${String(balance)}, for ${reference}.`;
  return undefined;
}
