import { type Part, balanceOf, expiredParts, putIn, take, withoutUsedUp } from '../../../ledger/funds.js';
import { balanced } from '../../../ledger/posting.js';
import { negate, plus, sum } from '../../../money/arithmetic.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
import type { Instant } from '../../../time/instant.js';
import type { RatingEvent } from '../events/event.js';
import type { Book, Posting, PostingReason } from './posting.js';
import { type MadeGrant, type Wallet, walletName } from './wallet.js';

/** The wallets of one account in a transaction that has its turn, while it is worked out what happens to them. */
export type Purse = {
  readonly account: string;
  /** The ids of the subscriptions whose usage is paid from it. */
  readonly prepaid: ReadonlySet<string>;
  /** As they were found, by id. */
  readonly found: readonly Wallet[];
  /** As they stand. */
  wallets: readonly Wallet[];
  readonly postings: Posting[];
  /** Grants that were put in, to be stored as they were made. */
  readonly granted: MadeGrant[];
  readonly events: RatingEvent[];
  /** By usage id, what its ratings have given back here (taken: below zero): what replaces them is paid from that first. */
  readonly givenBack: Map<string, readonly Part[]>;
};

export function openPurse(
  account: string,
  wallets: readonly Wallet[],
  prepaid: Iterable<string> = [],
): Purse {
  return {
    account,
    prepaid: new Set(prepaid),
    found: wallets,
    wallets,
    postings: [],
    granted: [],
    events: [],
    givenBack: new Map(),
  };
}

/** Why something is posted, and when. */
export type Cause = {
  readonly reason: PostingReason;
  readonly book: Book;
  /** The use, or the grant's reference. */
  readonly reference: string;
  readonly at: Instant;
};

/** Takes parts out of their wallets into a book; those below zero come from there. */
export function takeOut(purse: Purse, parts: readonly Part[], cause: Cause): void {
  for (const wallet of new Set(parts.map((part) => part.wallet))) {
    const own = parts.filter((part) => part.wallet === wallet);
    const amount = sum(own.map((part) => part.amount));
    change(purse, wallet, (now) => {
      const taken = take(now, own);
      return post(purse, cause.book === 'usage' ? spend(taken, amount, cause.at) : taken, amount, cause);
    });
  }
}

/** Puts a grant into its wallet. What is owed is paid from it first. */
export function putInto(purse: Purse, made: MadeGrant, cause: Cause): MadeGrant {
  let kept = made;
  change(purse, made.wallet, (now) => {
    const after = putIn(now, made.grant);
    kept = { ...made, grant: after.grants.at(-1) ?? made.grant };
    return post(purse, after, negate(made.grant.amount), cause);
  });
  purse.granted.push(kept);
  return kept;
}

/** Takes out what has expired, and drops the grants of which nothing is left. */
export function sweep(purse: Purse, at: Instant): void {
  for (const wallet of purse.wallets) {
    const presents = new Set(wallet.grants.flatMap((one) => (one.isPresent ? [one.reference] : [])));
    for (const part of expiredParts(wallet, at)) {
      const book = presents.has(part.grant) ? 'presents' : 'breakage';
      takeOut(purse, [part], { reason: 'expiry', book, reference: part.grant, at });
    }
    change(purse, wallet.wallet, withoutUsedUp);
  }
}

/** Replaces a wallet by what becomes of it. */
export function change(purse: Purse, id: string, next: (wallet: Wallet) => Wallet): void {
  purse.wallets = purse.wallets.map((wallet) => (wallet.wallet === id ? next(wallet) : wallet));
}

/** Enters that so much has left a wallet, which stands as it does after it. */
function post(purse: Purse, after: Wallet, amount: Decimal, { reason, book, reference, at }: Cause): Wallet {
  const { account, wallet, unit } = after;
  const number = after.postings + 1;
  const entries = balanced([
    { book: walletName(after), unit, amount: negate(amount) },
    { book, unit, amount },
  ]);
  purse.postings.push({ account, wallet, number, reason, reference, entries, balance: balanceOf(after), at });
  return { ...after, postings: number };
}

/** The wallet with so much more spent in the month. */
export function spend(wallet: Wallet, amount: Decimal, at: Instant): Wallet {
  const month = monthOf(at);
  if (month === wallet.month) return { ...wallet, spent: plus(wallet.spent, amount) };
  return { ...wallet, month, spent: amount, spentTold: ZERO };
}

/** Of UTC, as `2026-02`. By way of a date, since this is done for nearly every use and the calendars of zones take their time. */
function monthOf(at: Instant): string {
  return new Date(Number(at / 1_000_000n)).toISOString().slice(0, 'yyyy-mm'.length);
}
