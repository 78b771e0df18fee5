import { type Funds, type Part, take } from '../../../ledger/funds.js';
import { pay } from '../../../ledger/pay.js';
import { minus } from '../../../money/arithmetic.js';
import { greaterThan, least } from '../../../money/compare.js';
import { isCurrency } from '../../../money/currency.js';
import { ZERO } from '../../../money/decimal.js';
import type { Cover } from '../../../quote/gathering.js';
import type { Instant } from '../../../time/instant.js';
import type { Rating, Settlement } from '../recording/usage.js';
import type { SubscriptionName } from '../accounts/account.js';
import type { Purse } from './purse.js';
import type { Purses } from './purse-store.js';

/** What covers the quantities of one use, and what it has taken so far; the purse itself stays as it is. */
export type Covering = { readonly cover: Cover; readonly parts: Settlement[] };

/** What covers a use of a subscription; undefined where it is not prepaid. */
export function coveringOf(
  purses: Purses,
  { account, id }: SubscriptionName,
  at: Instant,
  letGo?: readonly Part[],
): Covering | undefined {
  const purse = purses.get(account);
  return purse?.prepaid.has(id) === true ? coverFrom(purse, at, letGo) : undefined;
}

/** Covers from the wallets that hold units: first with what a hold has let go of, then in burn-down order. */
function coverFrom({ wallets }: Purse, at: Instant, letGo: readonly Part[] = []): Covering {
  let funds: readonly Funds[] = wallets.filter(({ unit }) => !isCurrency(unit));
  const parts: Settlement[] = [];
  const cover: Cover = (price, quantity) => {
    if (!greaterThan(quantity, ZERO)) return ZERO;
    const reserved = letGo.filter((part) => part.price === price);
    const paid = pay(funds, [{ price, amount: quantity }], at, reserved);
    parts.push(...paid.parts.map((part) => ({ ...part, unit: unitOf(funds, part) })));
    funds = funds.map((own) => take(own, paid.parts));
    return minus(quantity, paid.missing);
  };
  return { cover, parts };
}

function unitOf(funds: readonly Funds[], { wallet }: Part): string {
  return funds.find((own) => own.wallet === wallet)?.unit ?? '';
}

/** Covers what was covered when a rating was made. */
export function coverAgain(rating: Pick<Rating, 'settlements' | 'currency'>): Cover {
  return coveringAgain(rating).cover;
}

/** The same, and notes what of it was taken. */
export function coveringAgain({ settlements, currency }: Pick<Rating, 'settlements' | 'currency'>): Covering {
  let left = settlements.filter(({ unit }) => unit !== currency);
  const parts: Settlement[] = [];
  const cover: Cover = (price, quantity) => {
    let rest = quantity;
    left = left.map((one) => {
      const amount = least(one.amount, rest);
      if (one.price !== price || !greaterThan(amount, ZERO)) return one;
      rest = minus(rest, amount);
      parts.push({ ...one, amount });
      return { ...one, amount: minus(one.amount, amount) };
    });
    return minus(quantity, rest);
  };
  return { cover, parts };
}
