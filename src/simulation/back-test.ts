import type { Decimal } from '../money/decimal.js';
import type { Totals } from '../quote/totals.js';
import type { Strategy } from '../strategy/strategy.js';
import { type Amounts, addAmount } from './amounts.js';
import type { RecordedUsage, UnreadableUsage } from './recorded-usage.js';
import { type Priced, type Refused, type Side, openAccount, openSide, priceOn } from './side.js';
import { type Unpriced, noneUnpriced, noteRefused, noteUnreadable } from './unpriced.js';

/**
 * What two documents would have earned on recorded usage, while it is read: state that `takeUsage` moves on by one use.
 * Uses of one account come in the order in which they were recorded; those of different accounts are nothing to each
 * other, so that they may be shared out over several tests and added up with `mergeTallies`.
 */
export type BackTest = {
  readonly before: Earnings;
  readonly after: Earnings;
  readonly accounts: Map<string, Account>;
  /** Uses taken, each once, also those without a price and those that cannot be read. */
  usages: number;
  /** Uses that both sides have priced. */
  pricedByBoth: number;
  /** Uses that came again. */
  duplicates: number;
};

/** What one document earned. */
export type Earnings = {
  readonly side: Side;
  /** By currency and line. */
  readonly lines: Map<string, Amounts>;
  /** By currency: what uses came to that the other side could not price. */
  readonly alone: Amounts;
  /** Uses with a line whose amount is known only when its period closes; it is in no sum. */
  measured: number;
  readonly unpriced: Unpriced;
};

export type Account = {
  readonly before: AccountEarnings;
  readonly after: AccountEarnings;
  /** Of the uses that are recorded; undefined until one has an id, since an empty set takes memory too. */
  ids: Set<string> | undefined;
};
export type AccountEarnings = { readonly totals: Totals; readonly amounts: Amounts };

export function openBackTest(before: Strategy, after: Strategy): BackTest {
  return {
    before: openEarnings(before),
    after: openEarnings(after),
    accounts: new Map(),
    usages: 0,
    pricedByBoth: 0,
    duplicates: 0,
  };
}

function openEarnings(strategy: Strategy): Earnings {
  const side = openSide(strategy);
  return { side, lines: new Map(), alone: new Map(), measured: 0, unpriced: noneUnpriced() };
}

/** Prices the next use of its account on both sides, after all that went before on each. */
export function takeUsage(test: BackTest, usage: RecordedUsage): void {
  const account = accountOf(test, usage.account);
  if (usage.id !== undefined && account.ids?.has(usage.id)) {
    test.duplicates++;
    return;
  }
  test.usages++;
  const before = priceOn(test.before.side, account.before.totals, usage);
  const after = priceOn(test.after.side, account.after.totals, usage);
  if (usage.id !== undefined && (isRecorded(before) || isRecorded(after))) noteId(account, usage.id);
  earn(test.before, account.before, { usage, outcome: before, other: after });
  earn(test.after, account.after, { usage, outcome: after, other: before });
  if (before.kind === 'priced' && after.kind === 'priced') test.pricedByBoth++;
}

function noteId(account: Account, id: string): void {
  account.ids ??= new Set();
  account.ids.add(copyOf(id));
}

/** Counts a row that says nothing usable as a use that neither side can price. */
export function takeUnreadable(test: BackTest, row: UnreadableUsage): void {
  test.usages++;
  noteUnreadable(test.before.unpriced, row);
  noteUnreadable(test.after.unpriced, row);
}

/** A use without a price waits for one; one that is malformed or not for sale is not kept, so it may be sent again. */
function isRecorded(outcome: Priced | Refused): boolean {
  return outcome.kind === 'priced' || outcome.error.reason === 'NO_PRICE';
}

type Outcome = {
  readonly usage: RecordedUsage;
  readonly outcome: Priced | Refused;
  readonly other: Priced | Refused;
};

function earn(earnings: Earnings, account: AccountEarnings, { usage, outcome, other }: Outcome): void {
  if (outcome.kind === 'refused') {
    noteRefused(earnings.unpriced, usage.line, outcome.error);
    return;
  }
  const { currency, evaluation } = outcome;
  const lines = linesOf(earnings, currency);
  let measured = false;
  for (const { line, kind, net } of evaluation.lines) {
    if (kind === 'measured') measured = true;
    else addAmount(lines, line, net);
  }
  if (measured) earnings.measured++;
  addAmount(account.amounts, currency, evaluation.amount);
  if (other.kind === 'refused') addAmount(earnings.alone, currency, evaluation.amount);
}

function linesOf({ lines }: Earnings, currency: string): Amounts {
  const known = lines.get(currency) ?? new Map<string, Decimal>();
  lines.set(currency, known);
  return known;
}

function accountOf({ accounts, before, after }: BackTest, name: string): Account {
  const known = accounts.get(name);
  if (known !== undefined) return known;
  const account: Account = {
    before: { totals: openAccount(before.side), amounts: new Map() },
    after: { totals: openAccount(after.side), amounts: new Map() },
    ids: undefined,
  };
  accounts.set(copyOf(name), account);
  return account;
}

/** A text that was cut out of a longer one keeps all of that in memory; what is held on to is joined anew. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
