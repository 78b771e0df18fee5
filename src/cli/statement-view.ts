import type { PeriodSummary, Statement, StatementLine } from '../gen/ratebook/v1/statement_pb.js';
import { plus } from '../money/arithmetic.js';
import { decimal, formatDecimal } from '../money/decimal.js';
import { instantText } from './revision-view.js';
import { left, right, table } from './table.js';

/** What was rated in a period, as `--json` prints it. Amounts are exact decimals in `currency`. */
export type PeriodView = {
  readonly account: string;
  /** As it was asked for: `2026-01`. */
  readonly period: string;
  /** Empty when nothing was rated. */
  readonly currency: string;
  readonly amount: string;
  readonly ratings: number;
  /** Numbers of the statements that have some of it, each subscription counting its own. */
  readonly statements: readonly number[];
  readonly lines: readonly LineView[];
};

/** What one rule has put on a line, all tiers and revisions together. */
type LineView = {
  readonly line: string;
  readonly price: string;
  readonly rule: string;
  readonly quantity: string;
  readonly amount: string;
};

/** A statement as `--json` prints it, line by line as it was sealed. Null: it is a preview. */
export type StatementView = {
  readonly account: string;
  readonly subscription: string;
  readonly number: number | null;
  readonly strategy: string;
  readonly up_to: string | null;
  readonly closed_at: string | null;
  readonly currency: string;
  readonly amount: string;
  readonly settled: string;
  readonly ratings: number;
  readonly content_hash: string | null;
  readonly lines: readonly SealedLineView[];
};

type SealedLineView = LineView & {
  readonly kind: string;
  readonly revision: string;
  readonly tier: number | null;
  readonly period_start: string | null;
  readonly period_end: string | null;
};

export function viewPeriod(summary: PeriodSummary, period: string): PeriodView {
  const { account, currency, amount, ratingCount, statements, lines } = summary;
  const numbers = statements.map((name) => Number(lastOf(name)));
  return {
    account: lastOf(account),
    ...{ period, currency, amount },
    ratings: Number(ratingCount),
    statements: [...new Set(numbers)].toSorted((a, b) => a - b),
    lines: merged(lines),
  };
}

function merged(lines: readonly StatementLine[]): readonly LineView[] {
  const found = new Map<string, LineView>();
  for (const { line, price, rule, quantity, amount } of lines) {
    const key = JSON.stringify([line, price, rule]);
    const before = found.get(key) ?? { quantity: '0', amount: '0' };
    found.set(key, {
      ...{ line, price, rule },
      quantity: added(before.quantity, quantity),
      amount: added(before.amount, amount),
    });
  }
  return [...found.values()];
}

function added(a: string, b: string): string {
  return formatDecimal(plus(decimal(a), decimal(b)));
}

/** `of` is what was asked for, since a preview has no name. */
export function viewStatement(statement: Statement, of: { account: string; id: string }): StatementView {
  const { name, strategy, currency, amount, settled, ratingCount, contentHash, lines } = statement;
  return {
    ...{ account: of.account, subscription: of.id },
    number: name === '' ? null : Number(lastOf(name)),
    strategy: lastOf(strategy),
    up_to: instantText(statement.upTo),
    closed_at: instantText(statement.closedAt),
    ...{ currency, amount, settled },
    ratings: Number(ratingCount),
    content_hash: contentHash === '' ? null : contentHash,
    lines: lines.map(viewLine),
  };
}

function viewLine({ line, kind, price, rule, quantity, amount, ...rest }: StatementLine): SealedLineView {
  return {
    ...{ line, kind, price, rule, quantity, amount },
    revision: rest.revision.replace(/^strategies\/(.*)\/revisions\/(.*)$/, '$1@$2'),
    tier: rest.tier === 0 ? null : rest.tier,
    period_start: instantText(rest.periodStart),
    period_end: instantText(rest.periodEnd),
  };
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const COLUMNS = [left('Line'), left('Rule'), right('Quantity'), right('Amount'), left('')];

export function periodTable({ lines, amount, currency }: PeriodView): string {
  return table(COLUMNS, [
    ...lines.map((line) => [line.line, line.rule, line.quantity, line.amount, currency]),
    ['total', '', '', amount, currency],
  ]);
}

const SEALED_COLUMNS = [
  ...['Period', 'Line', 'Rule', 'Revision'].map(left),
  ...[right('Tier'), right('Quantity'), right('Amount'), left('')],
];

export function statementTable({ lines, amount, settled, currency }: StatementView): string {
  const total = (label: string, of: string) => ['', label, '', '', '', '', of, currency];
  return table(SEALED_COLUMNS, [
    ...lines.map(({ period_start, line, rule, revision, tier, quantity, amount: of }) => [
      ...[period_start ?? '', line, rule, revision, tier === null ? '' : String(tier)],
      ...[quantity, of, currency],
    ]),
    total('total', amount),
    ...(settled === '0' ? [] : [total('paid from wallets', settled)]),
  ]);
}

/** A statement, or a preview of one, under a line that says which. */
export function sealedText(view: StatementView): string {
  const { account, subscription, number, up_to, content_hash } = view;
  const sealed = number === null ? 'Preview' : `Statement ${number}, content ${content_hash ?? ''},`;
  return `${sealed} of ${account}/${subscription} up to ${up_to ?? ''}\n${statementTable(view)}`;
}

const LISTED_COLUMNS = [
  right('Statement'),
  ...['Up to', 'Closed at'].map(left),
  ...['Ratings', 'Amount'].map(right),
  ...['', 'Content'].map(left),
];
/** Characters of a hash that a table has room for. */
const HASH = 12;

export function statementsTable(views: readonly StatementView[]): string {
  return table(
    LISTED_COLUMNS,
    views.map(({ number, up_to, closed_at, ratings, amount, currency, content_hash }) => [
      ...[String(number ?? ''), up_to ?? '', closed_at ?? '', String(ratings)],
      ...[amount, currency, (content_hash ?? '').slice(0, HASH)],
    ]),
  );
}
