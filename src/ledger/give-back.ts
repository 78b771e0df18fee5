import { minus, negate, sum } from '../money/arithmetic.js';
import { greatest, greaterThan, least } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import type { Funds, Part } from './funds.js';
import { type Grant, isExpired, paysFor } from './grant.js';

export type Return = {
  /** Below zero. */
  readonly parts: readonly Part[];
  /** What there is no grant for that could take it. */
  readonly left: Decimal;
};

/** What goes back. */
export type Refund = {
  /** What has paid for it, in that order. */
  readonly paid: readonly Part[];
  /** That it is for. */
  readonly prices: readonly string[];
  /** Above zero. */
  readonly amount: Decimal;
  /** Whether more may go into a grant than was put in: where what comes next takes it out again. */
  readonly mayOverfill: boolean;
};

/**
 * Finds where a refund goes: to the very grants that have paid, what was paid last first, also where one has expired
 * meanwhile and it is lost again; then to what is owed, wallet after wallet; then to the newest grants that pay for all its
 * prices, up to what was once in them. What was owed when it was used, and has been paid since, was no money that expires:
 * no grant takes it that does.
 */
export function giveBack(
  wallets: readonly Funds[],
  { paid, prices, amount, mayOverfill }: Refund,
  at: bigint,
): Return {
  const giving: Giving = { parts: [], left: amount };
  for (const part of paid.toReversed()) {
    const grant = findGrant(wallets, part);
    if (grant === undefined) continue;
    give(giving, part, mayOverfill ? part.amount : least(part.amount, roomOf(giving, grant)));
  }
  const before = giving.left;
  for (const { wallet, owed } of wallets) give(giving, { wallet, grant: '', price: '' }, owed);
  const onCredit = sum(paid.filter(({ grant }) => grant === '').map((part) => part.amount));
  let lasting = atLeastZero(minus(onCredit, minus(before, giving.left)));
  for (const { wallet, grant } of newestFirst(wallets)) {
    if (isExpired(grant, at) || !prices.every((price) => paysFor(grant, price))) continue;
    const room = roomOf(giving, grant);
    const found = { wallet, grant: grant.reference, price: '' };
    if (grant.expiresAt === undefined) lasting = atLeastZero(minus(lasting, give(giving, found, room)));
    else give(giving, found, least(room, minus(giving.left, lasting)));
  }
  return giving;
}

function atLeastZero(amount: Decimal): Decimal {
  return greatest(amount, ZERO);
}

/** How much more goes in than is there and is given back already, until all is in it that was put in. */
function roomOf({ parts }: Giving, { reference, amount, remaining }: Grant): Decimal {
  const mine = parts.filter((part) => part.grant === reference);
  const after = mine.reduce((sum, part) => minus(sum, part.amount), remaining);
  return atLeastZero(minus(amount, after));
}

type Giving = { readonly parts: Part[]; left: Decimal };

/** Returns how much it was. */
function give(giving: Giving, { wallet, grant, price }: Omit<Part, 'amount'>, most: Decimal): Decimal {
  const amount = least(giving.left, most);
  if (!greaterThan(amount, ZERO)) return ZERO;
  giving.left = minus(giving.left, amount);
  giving.parts.push({ wallet, grant, price, amount: negate(amount) });
  return amount;
}

function findGrant(wallets: readonly Funds[], { wallet, grant }: Part): Grant | undefined {
  const funds = wallets.find((one) => one.wallet === wallet);
  return funds?.grants.find(({ reference }) => reference === grant);
}

function newestFirst(wallets: readonly Funds[]): readonly { wallet: string; grant: Grant }[] {
  return wallets
    .flatMap(({ wallet, grants }) => grants.map((grant) => ({ wallet, grant })))
    .sort((a, b) => byAge(b.grant, a.grant));
}

function byAge(a: Grant, b: Grant): number {
  if (a.grantedAt !== b.grantedAt) return a.grantedAt < b.grantedAt ? -1 : 1;
  return a.reference < b.reference ? -1 : 1;
}
