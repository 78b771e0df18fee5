import { plus } from '../../../money/arithmetic.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
import { startOfDate } from '../../../time/zone.js';
import { findSubscriptionsOf } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import { getAccount } from '../accounts/get-account.js';
import { ownerOf } from '../recording/batch.js';
import { calendarOf } from '../recording/choose-revision.js';
import type { RecordingPorts } from '../recording/ports.js';
import { placesIn, totalOf } from './lines.js';
import { type StatementLine, type StatementName } from './statement.js';
import { findWindowsAt, statementsOn } from './statement-store.js';

export type SummarizePeriodInput = {
  readonly account: string;
  /** `2026-01-01` */
  readonly date: string;
  /** All of the account's unless given. */
  readonly strategy: string | undefined;
};

/** All that was rated in one period, on a statement or not. */
export type PeriodSummary = {
  readonly account: string;
  /** Empty when nothing was rated. */
  readonly currency: string;
  readonly amount: Decimal;
  readonly ratings: number;
  readonly statements: readonly StatementName[];
  /** By subscription, then in the order of the document. */
  readonly lines: readonly (StatementLine & { readonly strategy: string })[];
};

/**
 * What the ratings of the periods come to that a date begins in, each strategy by its own calendar. What is still being
 * recorded may be in it or not. Throws ACCOUNT_NOT_FOUND.
 */
export async function summarizePeriod(
  { account: id, date, strategy }: SummarizePeriodInput,
  ports: RecordingPorts,
): Promise<PeriodSummary> {
  const { currency } = await getAccount(id, ports);
  const own = await findSubscriptionsOf(ports.store, [id]);
  const wanted = own.filter((one) => strategy === undefined || one.strategy === strategy);
  const parts = await Promise.all(wanted.map((one) => summarizeOne(one, date, ports)));
  const ratings = parts.reduce((count, part) => count + part.ratings, 0);
  return {
    account: id,
    currency: ratings === 0 ? '' : currency,
    amount: parts.reduce((amount, part) => plus(amount, part.amount), ZERO),
    ratings,
    statements: parts.flatMap((part) => part.statements),
    lines: parts.flatMap((part) => part.lines),
  };
}

type Part = Omit<PeriodSummary, 'account' | 'currency'>;

async function summarizeOne(
  subscription: Subscription,
  date: string,
  { store, book }: RecordingPorts,
): Promise<Part> {
  const { account, id, strategy } = subscription;
  // No zone is a day away from UTC, and it changes with a period only.
  const zone = calendarOf(book, strategy, startOfDate(date, 'UTC'))?.timeZone;
  const owner = ownerOf(subscription);
  const windows = zone === undefined ? [] : await findWindowsAt(store, owner, startOfDate(date, zone));
  const periods = windows.map(({ period }) => period);
  const numbers = periods.length === 0 ? [] : await statementsOn(store, owner, periods);
  const { lines, amount } = totalOf(windows, placesIn(book, strategy));
  return {
    amount,
    ratings: windows.reduce((count, window) => count + window.ratings, 0),
    statements: numbers.map((number) => ({ account, id, number })),
    lines: lines.map((line) => ({ ...line, strategy })),
  };
}
