import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { Decimal } from '../../../money/decimal.js';
import type { Instant, Span } from '../../../time/instant.js';
import { type SubscriptionName, parseSubscriptionName, subscriptionName } from '../accounts/account.js';
import type { LineKey, LineSum } from '../recording/line-sums.js';

/** A cut through the ratings of one subscription: each is on exactly one. It never changes. */
export type Statement = StatementContent & {
  /** From 1, without a gap. */
  readonly number: number;
  /** Of the account: the ratings on it have this turn or an earlier one. */
  readonly turn: number;
  readonly closedAt: Instant;
  /** SHA-256 of what `contentOf` says of it. */
  readonly contentHash: string;
};

/** What is billed, sealed or not. */
export type StatementContent = {
  readonly account: string;
  /** The id of the subscription. */
  readonly subscription: string;
  readonly strategy: string;
  /** The ratings on it fell due up to here. */
  readonly upTo: Instant;
  /** ISO 4217. */
  readonly currency: string;
  /** Exact sum of the lines. */
  readonly amount: Decimal;
  /** What of it was paid from wallets as it was rated. */
  readonly settled: Decimal;
  /** By period, then in the order of the document. */
  readonly lines: readonly StatementLine[];
  /** How many. */
  readonly ratings: number;
};

/** What all ratings of one kind in one period come to. */
export type StatementLine = LineKey & LineSum & { readonly period: Span };

export type StatementName = SubscriptionName & { readonly number: number };

/** `accounts/acme/subscriptions/main/statements/3` */
export function statementName({ number, ...subscription }: StatementName): string {
  return `${subscriptionName(subscription)}/statements/${number}`;
}

const STATEMENT_NAME = /^(.*)\/statements\/([1-9]\d{0,8})$/;

export function parseStatementName(name: string): Parsed<StatementName> {
  const [, owner = '', number = ''] = STATEMENT_NAME.exec(name) ?? [];
  const subscription = parseSubscriptionName(owner);
  if (subscription.ok) return parsed({ ...subscription.value, number: Number(number) });
  const example = statementName({ account: 'acme', id: 'main', number: 3 });
  return refused(`${JSON.stringify(name.slice(0, 200))} is no name such as ${example}`);
}

export function nameOf({
  account,
  subscription,
  number,
}: Pick<Statement, 'account' | 'subscription' | 'number'>): StatementName {
  return { account, id: subscription, number };
}
