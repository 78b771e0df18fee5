import { absolute, minus } from '../money/arithmetic.js';
import { compareDecimals } from '../money/compare.js';
import { type Decimal, decimal, formatDecimal, isNegative, isZero } from '../money/decimal.js';
import { type Amounts, addAmount, amountOf } from './amounts.js';
import type { BackTest, Earnings } from './back-test.js';
import { type UnpricedKind, addKind, noneUnpriced } from './unpriced.js';

/**
 * What a back-test has come to. Amounts are exact decimals as text, so that a tally goes from one thread to another as
 * it is.
 */
export type Tally = {
  readonly usages: number;
  readonly pricedByBoth: number;
  readonly duplicates: number;
  readonly before: SideTally;
  readonly after: SideTally;
  readonly accounts: AccountCounts;
  /** The accounts whose amount changed most, ten in each currency, in that order. */
  readonly movers: readonly Mover[];
};

export type SideTally = {
  /** By currency and line. */
  readonly lines: ReadonlyMap<string, Texts>;
  /** By currency: what uses came to that the other side could not price. */
  readonly alone: Texts;
  readonly measured: number;
  readonly unpriced: readonly UnpricedKind[];
};
/** Amounts by a name. */
type Texts = ReadonlyMap<string, string>;

/** Each account once, in whatever currencies it pays. */
export type AccountCounts = {
  /** Pays more in some currency and less in none. */
  readonly up: number;
  /** Pays less in some currency and more in none. */
  readonly down: number;
  /** Pays the same in every currency. */
  readonly same: number;
  /** Pays more in one currency and less in another, as when its currency changes. */
  readonly mixed: number;
  /** Nothing that it used has a price on either side. */
  readonly unpriced: number;
};

export type Mover = {
  readonly account: string;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly delta: string;
};

/** Movers that are told of in each currency. */
const MOST_MOVERS = 10;

export function tallyOf({ before, after, accounts, ...counts }: BackTest): Tally {
  const movements = [...accounts].map(([account, own]) =>
    movementsOf(account, own.before.amounts, own.after.amounts),
  );
  const { usages, pricedByBoth, duplicates } = counts;
  return {
    ...{ usages, pricedByBoth, duplicates },
    before: sideTally(before),
    after: sideTally(after),
    accounts: countAccounts(movements),
    movers: biggest(movements.flat().filter(({ delta }) => !isZero(delta))).map(moverOf),
  };
}

/** Adds up the tallies of two parts of a recording that have no account in common. */
export function mergeTallies(a: Tally, b: Tally): Tally {
  return {
    usages: a.usages + b.usages,
    pricedByBoth: a.pricedByBoth + b.pricedByBoth,
    duplicates: a.duplicates + b.duplicates,
    before: mergeSides(a.before, b.before),
    after: mergeSides(a.after, b.after),
    accounts: {
      up: a.accounts.up + b.accounts.up,
      down: a.accounts.down + b.accounts.down,
      same: a.accounts.same + b.accounts.same,
      mixed: a.accounts.mixed + b.accounts.mixed,
      unpriced: a.accounts.unpriced + b.accounts.unpriced,
    },
    movers: biggest([...a.movers, ...b.movers].map(movementOf)).map(moverOf),
  };
}

function sideTally({ lines, alone, measured, unpriced }: Earnings): SideTally {
  return {
    lines: new Map([...lines].map(([currency, amounts]) => [currency, textsOf(amounts)])),
    alone: textsOf(alone),
    measured,
    unpriced: [...unpriced.kinds.values()],
  };
}

function mergeSides(a: SideTally, b: SideTally): SideTally {
  const unpriced = noneUnpriced();
  for (const kind of [...a.unpriced, ...b.unpriced]) addKind(unpriced, kind);
  const lines = new Map(a.lines);
  for (const [currency, texts] of b.lines)
    lines.set(currency, addTexts(lines.get(currency) ?? new Map<string, string>(), texts));
  return {
    lines,
    alone: addTexts(a.alone, b.alone),
    measured: a.measured + b.measured,
    unpriced: [...unpriced.kinds.values()],
  };
}

function textsOf(amounts: Amounts): Texts {
  return new Map([...amounts].map(([name, amount]) => [name, formatDecimal(amount)]));
}

function addTexts(a: Texts, b: Texts): Texts {
  const sums: Amounts = new Map([...a].map(([name, text]) => [name, decimal(text)]));
  for (const [name, text] of b) addAmount(sums, name, decimal(text));
  return textsOf(sums);
}

/** What an account pays in one currency. */
type Movement = {
  readonly account: string;
  readonly currency: string;
  readonly before: Decimal;
  readonly after: Decimal;
  readonly delta: Decimal;
};

function movementsOf(account: string, before: Amounts, after: Amounts): readonly Movement[] {
  const currencies = new Set([...before.keys(), ...after.keys()]);
  return [...currencies].map((currency) => {
    const [was, is] = [amountOf(before, currency), amountOf(after, currency)];
    return { account, currency, before: was, after: is, delta: minus(is, was) };
  });
}

/** `accounts` are the movements of each in all its currencies. */
function countAccounts(accounts: readonly (readonly Movement[])[]): AccountCounts {
  const counts = { up: 0, down: 0, same: 0, mixed: 0, unpriced: 0 };
  for (const movements of accounts) counts[directionOf(movements)]++;
  return counts;
}

function directionOf(movements: readonly Movement[]): keyof AccountCounts {
  if (movements.length === 0) return 'unpriced';
  const falls = movements.some(({ delta }) => isNegative(delta));
  const rises = movements.some(({ delta }) => !isNegative(delta) && !isZero(delta));
  if (rises) return falls ? 'mixed' : 'up';
  return falls ? 'down' : 'same';
}

/** By currency, then the biggest change first; of equal ones by the account's name. */
function biggest(movements: readonly Movement[]): readonly Movement[] {
  const sorted = movements.toSorted(
    (a, b) =>
      compareTexts(a.currency, b.currency) ||
      compareDecimals(absolute(b.delta), absolute(a.delta)) ||
      compareTexts(a.account, b.account),
  );
  const told = new Map<string, number>();
  return sorted.filter(({ currency }) => {
    const rank = told.get(currency) ?? 0;
    told.set(currency, rank + 1);
    return rank < MOST_MOVERS;
  });
}

/** By code units: the same order on every machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function moverOf({ account, currency, before, after, delta }: Movement): Mover {
  const amounts = { before: formatDecimal(before), after: formatDecimal(after), delta: formatDecimal(delta) };
  return { account, currency, ...amounts };
}

function movementOf({ account, currency, before, after, delta }: Mover): Movement {
  return {
    ...{ account, currency },
    before: decimal(before),
    after: decimal(after),
    delta: decimal(delta),
  };
}
