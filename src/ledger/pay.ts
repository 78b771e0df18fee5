import { minus, plus, sum } from '../money/arithmetic.js';
import { greaterThan, greatest, least } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import { byBurnDown } from './burn-down.js';
import type { Funds, Part } from './funds.js';
import { type Grant, freeOf, isExpired, paysFor } from './grant.js';

/** What is due for one price; empty: for none. Above zero. */
export type Due = { readonly price: string; readonly amount: Decimal };

export type Payment = {
  readonly parts: readonly Part[];
  /** What nothing is there for. */
  readonly missing: Decimal;
};

/**
 * Finds what pays the dues, of wallets in one unit and in the order of their ids. First what a hold has let go of, also
 * where it has expired meanwhile; then the grants of all wallets in burn-down order, the ones that pay for some prices
 * only for those; then what may be owed, wallet after wallet. A grant pays first for what no grant names, so that those
 * which name prices are not left over.
 */
export function pay(
  wallets: readonly Funds[],
  dues: readonly Due[],
  at: bigint,
  letGo: readonly Part[] = [],
): Payment {
  const paying: Paying = { left: dues.map(({ price, amount }) => ({ price, amount })), parts: [] };
  const sources = sourcesOf(wallets);
  const named = new Set(sources.flatMap(({ grant }) => grant.prices));
  paying.left.sort((a, b) => Number(named.has(a.price)) - Number(named.has(b.price)));
  for (const source of heldSources(sources, letGo)) payFrom(paying, source);
  for (const source of sources)
    if (!isExpired(source.grant, at)) payFrom(paying, { ...source, most: stillFree(paying, source) });
  for (const wallet of wallets) payOnCredit(paying, wallet, letGo);
  return { parts: paying.parts, missing: sum(paying.left.map(({ amount }) => amount)) };
}

type Paying = { readonly left: { readonly price: string; amount: Decimal }[]; readonly parts: Part[] };
type Source = { readonly wallet: string; readonly grant: Grant; readonly most: Decimal };

function sourcesOf(wallets: readonly Funds[]): readonly Source[] {
  return wallets
    .flatMap(({ wallet, grants }) => grants.map((grant) => ({ wallet, grant, most: freeOf(grant) })))
    .sort((a, b) => byBurnDown(a.grant, b.grant));
}

/** The grants that a hold was on, with as much as it held of each. */
function heldSources(sources: readonly Source[], letGo: readonly Part[]): readonly Source[] {
  if (letGo.length === 0) return [];
  return sources.flatMap((source) => {
    const most = amountIn(letGo, source.wallet, source.grant.reference);
    return greaterThan(most, ZERO) ? [{ ...source, most: least(most, source.most) }] : [];
  });
}

function stillFree({ parts }: Paying, { wallet, grant, most }: Source): Decimal {
  return minus(most, amountIn(parts, wallet, grant.reference));
}

function amountIn(parts: readonly Part[], wallet: string, grant: string): Decimal {
  const own = parts.filter((part) => part.wallet === wallet && part.grant === grant);
  return sum(own.map(({ amount }) => amount));
}

function payFrom({ left, parts }: Paying, { wallet, grant, most }: Source): void {
  let free = most;
  let whole = ZERO;
  for (const due of left) {
    if (isZero(free)) break;
    if (!paysFor(grant, due.price)) continue;
    const amount = least(free, due.amount);
    if (isZero(amount)) continue;
    due.amount = minus(due.amount, amount);
    free = minus(free, amount);
    if (grant.prices.length === 0) whole = plus(whole, amount);
    else parts.push({ wallet, grant: grant.reference, price: due.price, amount });
  }
  if (!isZero(whole)) parts.push({ wallet, grant: grant.reference, price: '', amount: whole });
}

/** Credit that a hold has let go of is there, also where more is owed meanwhile than may be. */
function payOnCredit({ left, parts }: Paying, funds: Funds, letGo: readonly Part[]): void {
  const { wallet, creditLimit, owed, heldCredit } = funds;
  let room = greatest(minus(minus(creditLimit, owed), heldCredit), amountIn(letGo, wallet, ''));
  let whole = ZERO;
  for (const due of left) {
    if (!greaterThan(room, ZERO)) break;
    const amount = least(room, due.amount);
    due.amount = minus(due.amount, amount);
    room = minus(room, amount);
    whole = plus(whole, amount);
  }
  if (!isZero(whole)) parts.push({ wallet, grant: '', price: '', amount: whole });
}

/** The same payment with what is missing owed to the first wallet; without one it stays missing. */
export function owing({ parts, missing }: Payment, [first]: readonly Funds[]): Payment {
  if (first === undefined || isZero(missing)) return { parts, missing };
  return {
    parts: [...parts, { wallet: first.wallet, grant: '', price: '', amount: missing }],
    missing: ZERO,
  };
}
