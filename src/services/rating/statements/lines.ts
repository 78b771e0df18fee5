import { minus, sum } from '../../../money/arithmetic.js';
import { type Decimal, ZERO, isZero } from '../../../money/decimal.js';
import type { Span } from '../../../time/instant.js';
import { type LineSums, parseLineKey } from '../recording/line-sums.js';
import { type RevisionBook, storedRevision } from '../revisions/revision-book.js';
import type { StatementLine } from './statement.js';

/** What the ratings of one period come to, and how much of that is on statements. */
export type BilledWindow = {
  readonly owner: string;
  readonly period: Span;
  readonly sums: LineSums;
  readonly billed: LineSums;
  readonly ratings: number;
  readonly unbilled: number;
};

export type SummedUp = {
  /** Those that come to anything, by period and then in the order of the document. */
  readonly lines: readonly StatementLine[];
  /** Their exact sum. */
  readonly amount: Decimal;
  /** What wallets have paid of it. */
  readonly settled: Decimal;
};

/** What is on no statement yet. */
export function unbilledOf(windows: readonly BilledWindow[], places: PlaceOf): SummedUp {
  return sumUp(
    windows.flatMap(({ period, sums, billed }) => linesOf(period, sums, billed)),
    places,
  );
}

/** All of it, on statements or not. */
export function totalOf(windows: readonly BilledWindow[], places: PlaceOf): SummedUp {
  return sumUp(
    windows.flatMap(({ period, sums }) => linesOf(period, sums, new Map())),
    places,
  );
}

function linesOf(period: Span, sums: LineSums, billed: LineSums): readonly StatementLine[] {
  return [...sums].map(([key, { quantity, amount }]) => {
    const before = billed.get(key);
    return {
      ...parseLineKey(key),
      period,
      quantity: minus(quantity, before?.quantity ?? ZERO),
      amount: minus(amount, before?.amount ?? ZERO),
    };
  });
}

/** Of ratings that wallets have paid, what they paid: no position of its own. */
const SETTLED = 'settled';

function sumUp(all: readonly StatementLine[], placeOf: PlaceOf): SummedUp {
  const [paid, found] = [all.filter(isSettled), all.filter((line) => !isSettled(line))];
  const lines = found.filter(({ quantity, amount }) => !isZero(quantity) || !isZero(amount));
  return {
    lines: lines.toSorted((a, b) => inOrder(a, b, placeOf)),
    amount: sum(lines.map(({ amount }) => amount)),
    settled: sum(paid.map(({ amount }) => amount)),
  };
}

function isSettled({ kind }: StatementLine): boolean {
  return kind === SETTLED;
}

/** Where the document that has priced a line names it. */
export type PlaceOf = (line: StatementLine) => number;

/** Lines that the document does not name come last. Throws UNAVAILABLE while a revision is not known here. */
export function placesIn(book: RevisionBook, strategy: string): PlaceOf {
  return ({ line, revision: number }) => {
    const { places } = storedRevision(book, strategy, number).strategy.prepared;
    return places.get(line) ?? places.size;
  };
}

/** What was put on a line after what it costs. */
const KINDS = ['charge', 'minimum', 'surcharge', 'discount'];

function inOrder(a: StatementLine, b: StatementLine, placeOf: PlaceOf): number {
  return (
    Number(a.period.start - b.period.start) ||
    Number(a.period.end - b.period.end) ||
    placeOf(a) - placeOf(b) ||
    compareTexts(a.line, b.line) ||
    a.revision - b.revision ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compareTexts(a.price, b.price) ||
    compareTexts(a.rule, b.rule) ||
    a.tier - b.tier
  );
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
