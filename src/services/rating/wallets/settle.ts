import { RatebookError } from '../../../errors/error.js';
import { type Funds, type Part, balanceOf, take } from '../../../ledger/funds.js';
import { giveBack } from '../../../ledger/give-back.js';
import { type Due, owing, pay } from '../../../ledger/pay.js';
import { minus, negate } from '../../../money/arithmetic.js';
import { greaterThan, least } from '../../../money/compare.js';
import type { Instant } from '../../../time/instant.js';
import { type Decimal, ZERO, formatDecimal, isNegative, isZero } from '../../../money/decimal.js';
import { accountName } from '../accounts/account.js';
import { refuseLong } from '../recording/storable.js';
import type { Rating, Settlement } from '../recording/usage.js';
import { type Cause, type Purse, putInto, spend, takeOut } from './purse.js';
import type { Purses } from './purse-store.js';
import { walletEvent } from './tell.js';

export type Settling = {
  /** Whether what is not there is owed; otherwise BALANCE_TOO_LOW is thrown. */
  readonly mayOwe: boolean;
  /** The rating that is taken back. */
  readonly reversed?: Rating | undefined;
  /** What a hold had reserved for it. */
  readonly letGo?: readonly Part[] | undefined;
};

/**
 * Pays a rating from the account's wallets in its currency, where its subscription is prepaid, or gives back what is
 * below zero; and takes the units that it says are covered. What a correction has given back pays first for what takes its
 * place, also where it has expired meanwhile. What is bought in advance is paid from elsewhere. Returns the rating with what
 * was paid; one that is refused has changed nothing.
 */
export function settle(purses: Purses, rating: Rating, how: Settling): Rating {
  const purse = purses.get(rating.account);
  if (purse === undefined || rating.moment === 'purchase' || !purse.prepaid.has(rating.subscription))
    return rating;
  const at = rating.recordedAt;
  const cause: Cause = {
    reason: rating.reverses === undefined ? 'use' : 'reversal',
    book: 'usage',
    reference: rating.usageId,
    at,
  };
  const units = [...rating.settlements, ...unitsBack(purse, rating, how)];
  const givenBack = purse.givenBack.get(rating.usageId) ?? [];
  const letGo = [...givenBack, ...(how.letGo ?? [])];
  const money = isNegative(rating.amount)
    ? moneyBack(purse, rating, how)
    : payMoney(purse, rating, { ...how, letGo });
  refuseLongBalances(purse, [...units, ...money], at);
  takeOut(purse, units, cause);
  takeOut(purse, money, cause);
  const settled = [...units, ...money.map((part) => ({ ...part, unit: rating.currency }))];
  const left = minus(rating.amount, sumOf(money));
  const rest = isNegative(left) ? keepForLater(purse, rating, negate(left)) : [];
  const settlements = [...settled, ...rest];
  purse.givenBack.set(rating.usageId, [...givenBack, ...settlements.map(turnedRound)]);
  return { ...rating, settlements };
}

function turnedRound(part: Part): Part {
  return { ...part, amount: negate(part.amount) };
}

/** The wallets that hold a unit or currency. */
export function walletsIn({ wallets }: Purse, unit: string): readonly Funds[] {
  return wallets.filter((wallet) => wallet.unit === unit);
}

function payMoney(purse: Purse, rating: Rating, { mayOwe, letGo }: Settling): readonly Part[] {
  const wallets = walletsIn(purse, rating.currency);
  const payment = pay(wallets, duesOf(rating), rating.recordedAt, letGo);
  if (isZero(payment.missing)) return payment.parts;
  if (!mayOwe) throw balanceTooLow(rating, payment.missing);
  const [first] = purse.wallets.filter((wallet) => wallet.unit === rating.currency);
  if (first !== undefined)
    purse.events.push(
      walletEvent(first, 'ratebook.wallet.shortfall', rating.recordedAt, {
        usage_id: rating.usageId,
        amount: formatDecimal(payment.missing),
      }),
    );
  return owing(payment, wallets).parts;
}

/** What is due for each price: the lines' nets, from the last of which those below zero are taken. */
export function duesOf({ lines }: Pick<Rating, 'lines'>): readonly Due[] {
  let credit = ZERO;
  for (const { net } of lines) if (isNegative(net)) credit = minus(credit, net);
  const dues: Due[] = [];
  for (const { price, net } of lines.toReversed()) {
    if (!greaterThan(net, ZERO)) continue;
    const less = least(net, credit);
    credit = minus(credit, less);
    if (greaterThan(net, less)) dues.unshift({ price, amount: minus(net, less) });
  }
  return dues;
}

function moneyBack(purse: Purse, rating: Rating, { reversed }: Settling): readonly Part[] {
  const { amount, currency, lines, recordedAt, isExact: mayOverfill = false } = rating;
  const paid = reversed?.settlements.filter(({ unit }) => unit === currency) ?? [];
  const prices = lines.map(({ price }) => price);
  const refund = { paid, prices, amount: negate(amount), mayOverfill };
  return giveBack(walletsIn(purse, currency), refund, recordedAt).parts;
}

/** Units that were covered all come back. */
function unitsBack(purse: Purse, rating: Rating, { reversed }: Settling): readonly Settlement[] {
  const covered = reversed?.settlements.filter(({ unit }) => unit !== rating.currency) ?? [];
  return covered.flatMap((one) => {
    const refund = { paid: [one], prices: [one.price], amount: one.amount, mayOverfill: true };
    const { parts } = giveBack(walletsIn(purse, one.unit), refund, rating.recordedAt);
    return parts.map((part) => ({ ...part, price: one.price, unit: one.unit }));
  });
}

/** Where no grant can take what is given back, it becomes one that never expires. Without a wallet nothing is given. */
function keepForLater(purse: Purse, rating: Rating, amount: Decimal): readonly Settlement[] {
  const [first] = walletsIn(purse, rating.currency);
  if (first === undefined) return [];
  const { account, usageId, number, recordedAt: at, currency: unit } = rating;
  // No usage id makes it the reference of what a purchase gives.
  const reference = `ratebook:back:${usageId} ${number}`;
  const grant = {
    reference,
    priority: 0,
    expiresAt: undefined,
    grantedAt: at,
    prices: [],
    amount,
    remaining: amount,
    held: ZERO,
  };
  const { wallet } = first;
  putInto(
    purse,
    { account, wallet, grant, fingerprint: '' },
    { reason: rating.reverses === undefined ? 'use' : 'reversal', book: 'usage', reference: usageId, at },
  );
  return [{ wallet, grant: reference, price: '', amount: negate(amount), unit }];
}

/** The books have no more digits than the database. */
function refuseLongBalances(purse: Purse, parts: readonly Part[], at: Instant): void {
  for (const wallet of purse.wallets) {
    const own = parts.filter((part) => part.wallet === wallet.wallet);
    const after = take(wallet, own);
    const { spent } = spend(wallet, sumOf(own), at);
    refuseLong([balanceOf(after), after.owed, spent, ...after.grants.map(({ remaining }) => remaining)]);
  }
}

function sumOf(parts: readonly Part[]): Decimal {
  return parts.reduce((sum, { amount }) => minus(sum, negate(amount)), ZERO);
}

export function balanceTooLow({ account, amount, currency }: Rating, missing: Decimal): RatebookError {
  const there = formatDecimal(minus(amount, missing));
  const cost = formatDecimal(amount);
  return new RatebookError(
    'BALANCE_TOO_LOW',
    `The use comes to ${cost} ${currency}, and the wallets of ${accountName(account)} have ${there} ${currency} for it; grant more, or raise their credit limit.`,
    { metadata: { account, currency, amount: cost, available: there } },
  );
}
