import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant, Span } from '../../../time/instant.js';
import { type SubscriptionName } from '../accounts/account.js';
import { ownerOf } from '../recording/batch.js';
import { fromPairs } from '../recording/window-store.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import type { Store, StoredPairs, WindowDocument } from '../store.js';
import type { StatementDocument } from './statement-document.js';
import type { LineSums } from '../recording/line-sums.js';
import type { Cut } from './cut.js';
import type { BilledWindow } from './lines.js';
import type { Statement, StatementName } from './statement.js';

/** The windows of a subscription in which something fell due up to an instant and is on no statement. */
export async function findUnbilled(
  store: Store,
  owner: string,
  upTo: Instant,
  session: Session,
): Promise<readonly BilledWindow[]> {
  const unbilled = { owner, dueAt: { $lte: upTo }, unbilled: { $gt: 0 } };
  const found = store.windows.find(unbilled, { session, projection: { counters: 0 } });
  return (await found.toArray()).map(toBilledWindow);
}

/** Takes it that all of them is on a statement now. */
export async function markBilled(
  store: Store,
  owner: string,
  upTo: Instant,
  session: Session,
): Promise<void> {
  const unbilled = { owner, dueAt: { $lte: upTo }, unbilled: { $gt: 0 } };
  await store.windows.updateMany(unbilled, [{ $set: { billed: '$sums', unbilled: 0 } }], { session });
}

/** The windows of these subscriptions whose period an instant lies in. */
export async function findWindowsAt(
  store: Store,
  owner: string,
  at: Instant,
): Promise<readonly BilledWindow[]> {
  const during = { owner, 'period.start': { $lte: at }, 'period.end': { $gt: at } };
  const found = store.windows.find(during, { projection: { counters: 0 } });
  return (await found.toArray()).map(toBilledWindow);
}

function toBilledWindow(document: WindowDocument): BilledWindow {
  const { owner = '', period = { start: 0n, end: 0n }, ratings = 0, unbilled = 0 } = document;
  const { sums, billed } = document;
  return { owner, period, sums: toSums(sums), billed: toSums(billed), ratings, unbilled };
}

function toSums(pairs: StoredPairs | undefined): LineSums {
  return fromPairs(pairs, (quantity, amount) => ({ quantity, amount }));
}

export async function insertStatement(store: Store, statement: Statement, session: Session): Promise<void> {
  await store.statements.insertOne(toDocument(statement), { session });
}

export async function findStatement(store: Store, name: StatementName): Promise<Statement | undefined> {
  const found = await store.statements.findOne({ _id: idOf(ownerOf(name), name.number) });
  return found === null ? undefined : fromDocument(found);
}

/** The statements of a subscription after a number, by number. */
export async function statementsAfter(
  store: Store,
  name: SubscriptionName,
  after: number,
  limit: number,
): Promise<readonly Statement[]> {
  const found = store.statements.find({ owner: ownerOf(name), number: { $gt: after } });
  return (await found.sort({ number: 1 }).limit(limit).toArray()).map(fromDocument);
}

/** The numbers of the statements that have lines of one of the periods. */
export async function statementsOn(
  store: Store,
  owner: string,
  periods: readonly Span[],
): Promise<readonly number[]> {
  const found = store.statements.find(
    { owner, 'lines.period': { $in: [...periods] } },
    { projection: { number: 1 } },
  );
  return (await found.sort({ number: 1 }).toArray()).map(({ number }) => number);
}

/** The cuts of the statements before a number, the latest first. */
export function cutsBefore(store: Store, { number, ...name }: StatementName): AsyncIterable<Cut> {
  const earlier = { owner: ownerOf(name), number: { $lt: number } };
  return store.statements.find(earlier, { projection: { turn: 1, upTo: 1 } }).sort({ number: -1 });
}

/** The least instant from `end` on that a statement of the subscription goes up to; undefined when none does. */
export async function firstUpTo(
  store: Store,
  owner: string,
  end: Instant,
  session?: Session,
): Promise<Instant | undefined> {
  const covering = { owner, upTo: { $gte: end } };
  const options = { session, sort: { upTo: 1 }, projection: { upTo: 1 } } as const;
  return (await store.statements.findOne(covering, options))?.upTo;
}

function idOf(owner: string, number: number): string {
  return `${owner} ${number}`;
}

function toDocument(statement: Statement): StatementDocument {
  const { account, subscription, number, amount, settled, lines } = statement;
  const owner = ownerOf({ account, id: subscription });
  return {
    _id: idOf(owner, number),
    owner,
    ...statement,
    amount: toDecimal128(amount),
    settled: toDecimal128(settled),
    lines: lines.map((line) => ({
      ...line,
      quantity: toDecimal128(line.quantity),
      amount: toDecimal128(line.amount),
    })),
  };
}

function fromDocument(document: StatementDocument): Statement {
  const { account, subscription, number, strategy, turn, upTo, closedAt } = document;
  const { currency, amount, settled, lines, ratings, contentHash } = document;
  return {
    ...{ account, subscription, number, strategy, turn, upTo, closedAt, currency, ratings, contentHash },
    amount: fromDecimal128(amount),
    settled: fromDecimal128(settled),
    lines: lines.map((line) => ({
      ...line,
      quantity: fromDecimal128(line.quantity),
      amount: fromDecimal128(line.amount),
    })),
  };
}
