import { type Funds, type Part, take } from '../../../ledger/funds.js';
import { pay } from '../../../ledger/pay.js';
import { minus, plus } from '../../../money/arithmetic.js';
import { greaterThan, least } from '../../../money/compare.js';
import { isCurrency } from '../../../money/currency.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
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

/** The same with what it takes of those units, where a rating is made again. */
export function coveringAgain(rating: Rating): Covering {
  const again = coverAgain(rating);
  let units = rating.settlements.filter(({ unit }) => unit !== rating.currency);
  const parts: Settlement[] = [];
  const cover: Cover = (price, quantity) => {
    const covered = again(price, quantity);
    let left = covered;
    units = units.map((unit) => {
      const amount = unit.price === price ? least(unit.amount, left) : ZERO;
      left = minus(left, amount);
      if (greaterThan(amount, ZERO)) parts.push({ ...unit, amount });
      return { ...unit, amount: minus(unit.amount, amount) };
    });
    return covered;
  };
  return { cover, parts };
}

/** Covers what was covered when a rating was made. */
export function coverAgain({ settlements, currency }: Pick<Rating, 'settlements' | 'currency'>): Cover {
  const left = new Map<string, Decimal>();
  for (const { price, unit, amount } of settlements)
    if (unit !== currency) left.set(price, plus(left.get(price) ?? ZERO, amount));
  return (price, quantity) => {
    const there = left.get(price) ?? ZERO;
    if (!greaterThan(quantity, ZERO)) return ZERO;
    const covered = least(there, quantity);
    left.set(price, minus(there, covered));
    return covered;
  };
}
