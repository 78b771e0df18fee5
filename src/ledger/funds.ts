import { minus, plus, sum } from '../money/arithmetic.js';
import { least } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import { type Grant, freeOf, isExpired } from './grant.js';

/** What the ledger knows of one wallet. */
export type Funds = {
  /** Once in an account. */
  readonly wallet: string;
  /** A currency, or units such as `call`. */
  readonly unit: string;
  /** Those of which something is left. */
  readonly grants: readonly Grant[];
  /** Used beyond what was there. */
  readonly owed: Decimal;
  /** Reserved on credit. */
  readonly heldCredit: Decimal;
  /** How much may be owed, by what is refused otherwise. */
  readonly creditLimit: Decimal;
};

/** What a wallet has paid, holds or gets back (below zero), out of one grant or, where it names none, on credit. */
export type Part = {
  readonly wallet: string;
  /** The reference; empty: owed. */
  readonly grant: string;
  /** That it is for; empty: for the whole use. */
  readonly price: string;
  readonly amount: Decimal;
};

/** What is there as the books have it: expired money is in them until it is taken out. */
export function balanceOf({ grants, owed }: Funds): Decimal {
  return minus(sum(grants.map(({ remaining }) => remaining)), owed);
}

/** What is there at an instant: of a grant that has expired only what is held of it. */
export function balanceAt({ grants, owed }: Funds, at: bigint): Decimal {
  return minus(sum(grants.map((grant) => (isExpired(grant, at) ? grant.held : grant.remaining))), owed);
}

export function heldOf({ grants, heldCredit }: Funds): Decimal {
  return plus(sum(grants.map(({ held }) => held)), heldCredit);
}

/** What may be spent at an instant. */
export function availableAt(funds: Funds, at: bigint): Decimal {
  return plus(minus(balanceAt(funds, at), heldOf(funds)), funds.creditLimit);
}

/** Takes parts out that are this wallet's; those below zero go in. */
export function take<F extends Funds>(funds: F, parts: readonly Part[]): F {
  return change(funds, parts, {
    grant: (grant, amount) => ({ ...grant, remaining: minus(grant.remaining, amount) }),
    credit: (amount) => ({ owed: plus(funds.owed, amount) }),
  });
}

/** Reserves parts that are this wallet's; with amounts below zero it lets go of them. */
export function hold<F extends Funds>(funds: F, parts: readonly Part[]): F {
  return change(funds, parts, {
    grant: (grant, amount) => ({ ...grant, held: plus(grant.held, amount) }),
    credit: (amount) => ({ heldCredit: plus(funds.heldCredit, amount) }),
  });
}

type Change = {
  readonly grant: (grant: Grant, amount: Decimal) => Grant;
  readonly credit: (amount: Decimal) => Partial<Funds>;
};

function change<F extends Funds>(funds: F, parts: readonly Part[], how: Change): F {
  const amounts = new Map<string, Decimal>();
  for (const { wallet, grant, amount } of parts)
    if (wallet === funds.wallet) amounts.set(grant, plus(amounts.get(grant) ?? ZERO, amount));
  const grants = funds.grants.map((grant) => {
    const amount = amounts.get(grant.reference);
    return amount === undefined ? grant : how.grant(grant, amount);
  });
  const credit = amounts.get('');
  return { ...funds, ...(credit !== undefined && how.credit(credit)), grants };
}

/** Puts a grant in. What is owed is paid from it first, unless it pays for some prices only. */
export function putIn<F extends Funds>(funds: F, grant: Grant): F {
  const settled = grant.prices.length > 0 ? ZERO : least(grant.remaining, funds.owed);
  const left = { ...grant, remaining: minus(grant.remaining, settled) };
  return { ...funds, owed: minus(funds.owed, settled), grants: [...funds.grants, left] };
}

/** What has expired and is not held, grant by grant. */
export function expiredParts({ wallet, grants }: Funds, at: bigint): readonly Part[] {
  return grants
    .filter((grant) => isExpired(grant, at) && !isZero(freeOf(grant)))
    .map((grant) => ({ wallet, grant: grant.reference, price: '', amount: freeOf(grant) }));
}

/** Without the grants of which nothing is left. */
export function withoutUsedUp<F extends Funds>(funds: F): F {
  if (!funds.grants.some(({ remaining }) => isZero(remaining))) return funds;
  return { ...funds, grants: funds.grants.filter(({ remaining }) => !isZero(remaining)) };
}
