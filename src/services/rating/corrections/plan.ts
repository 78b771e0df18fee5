import { isDeepStrictEqual } from 'node:util';
import type { Reason } from '../../../errors/catalogue.js';
import { plus } from '../../../money/arithmetic.js';
import { equals } from '../../../money/compare.js';
import { type Decimal, ZERO, formatDecimal, isZero } from '../../../money/decimal.js';
import { type Content, hashOf } from '../../../platform/content-hash.js';
import type { Line } from '../../../quote/line.js';
import type { Instant } from '../../../time/instant.js';
import { type SubscriptionName, subscriptionName } from '../accounts/account.js';
import type { PeriodChange } from '../periods/rate-again.js';
import type { Rating } from '../recording/usage.js';
import type { Outcome } from './rate-history.js';

/** What rating again comes to. Amounts are decimals in plain notation, since this is stored as it is. */
export type Rerated = {
  /** Names what would be stored, and what it was computed from. */
  readonly plan: string;
  /** How many uses were rated again. */
  readonly usages: number;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly differences: readonly Difference[];
};

/** A use, or what was charged of a period, that comes to something else or to nothing any more. */
export type Difference = {
  readonly usageId: string;
  readonly occurredAt: Instant;
  readonly revisionBefore: number;
  readonly revisionAfter: number;
  /** All its ratings together. */
  readonly before: string;
  /** Empty when it has no price any more. */
  readonly after: string;
  readonly error?: { readonly reason: Reason; readonly message: string };
};

/** All ratings of one use, in their order. */
export type UseOutcomes = readonly [Outcome, ...Outcome[]];

/** By use, in the order in which they were recorded. */
export function byUse(outcomes: readonly Outcome[]): readonly UseOutcomes[] {
  const uses = new Map<string, [Outcome, ...Outcome[]]>();
  for (const outcome of outcomes) {
    const { usageId } = outcome.entry.rating;
    const known = uses.get(usageId);
    if (known === undefined) uses.set(usageId, [outcome]);
    else known.push(outcome);
  }
  return [...uses.values()];
}

/** Whether anything of a use is to be stored anew. */
export function isChanged(use: UseOutcomes): boolean {
  return use.some(({ entry, anew }) => anew !== undefined && !comesToTheSame(entry.rating, anew));
}

/** Where an earlier one stood does not matter, only what is billed. */
function comesToTheSame(a: Rating, b: Rating): boolean {
  return isDeepStrictEqual(billedOf(a), billedOf(b));
}

function billedOf({ revision, amount, lines, discounts }: Rating) {
  return { revision, amount, discounts, lines: lines.map((line) => ({ ...line, usedBefore: ZERO })) };
}

/** All that was rated again. */
export type RatedAnew = {
  readonly uses: readonly UseOutcomes[];
  readonly periods: readonly PeriodChange[];
};

export function summarize(name: SubscriptionName, currency: string, { uses, periods }: RatedAnew): Rerated {
  const all = uses.flat();
  const total = (of: (outcome: Outcome) => Decimal, ofPeriods: readonly Decimal[]) =>
    formatDecimal(ofPeriods.reduce(plus, sumOf(all, of)));
  return {
    plan: hashOf({
      subscription: subscriptionName(name),
      uses: all.map(contentOf),
      periods: periods.map(contentOfPeriod),
    }),
    usages: uses.length,
    currency,
    before: total(
      before,
      periods.map((period) => period.before),
    ),
    after: total(
      after,
      periods.map((period) => period.after),
    ),
    differences: [
      ...uses.filter((use) => isChanged(use) || use.some(({ error }) => error)).map(differenceOf),
      ...periods.filter(isOther).map(differenceOfPeriod),
    ],
  };
}

/** What has no charges, before or after, differs in nothing. */
function isOther({ before, after, error, ...period }: PeriodChange): boolean {
  const isCharged = !isZero(before) || !isZero(after);
  const isMoved = period.revisionBefore !== period.revisionAfter || !equals(before, after);
  return isCharged && (error !== undefined || isMoved);
}

function differenceOfPeriod({ start, before, after, error, ...period }: PeriodChange): Difference {
  return {
    ...{ usageId: period.usageId, occurredAt: start },
    ...{ revisionBefore: period.revisionBefore, revisionAfter: period.revisionAfter },
    before: formatDecimal(before),
    after: error === undefined ? formatDecimal(after) : '',
    ...(error && { error: { reason: error.reason, message: error.message } }),
  };
}

function contentOfPeriod({ usageId, before, after, error, ...period }: PeriodChange): Content {
  const { revisionBefore, revisionAfter } = period;
  const revisions = [revisionBefore, revisionAfter].map(String);
  return [usageId, ...revisions, formatDecimal(before), formatDecimal(after), error?.reason ?? ''];
}

function differenceOf(use: UseOutcomes): Difference {
  const last = use.at(-1) ?? use[0];
  const { usageId, occurredAt, revision } = last.entry.rating;
  const error = use.find((one) => one.error !== undefined)?.error;
  return {
    usageId,
    occurredAt,
    revisionBefore: revision,
    revisionAfter: last.anew?.revision ?? revision,
    before: formatDecimal(sumOf(use, before)),
    after: error === undefined ? formatDecimal(sumOf(use, after)) : '',
    ...(error && { error: { reason: error.reason, message: error.message } }),
  };
}

function sumOf(outcomes: readonly Outcome[], of: (outcome: Outcome) => Decimal): Decimal {
  return outcomes.reduce((total, outcome) => plus(total, of(outcome)), ZERO);
}

function before({ entry }: Outcome): Decimal {
  return entry.rating.amount;
}

/** What has no price any more stays as it is. */
function after({ entry, anew }: Outcome): Decimal {
  return (anew ?? entry.rating).amount;
}

/** What a rating is now and what it would be, without the turn and the moment of doing so. */
function contentOf({ entry: { rating }, anew, error }: Outcome): Content {
  return {
    usage_id: rating.usageId,
    number: rating.number,
    ...billedContent(rating),
    anew: anew === undefined ? { error: error?.reason ?? '' } : billedContent(anew),
  };
}

function billedContent({ contentHash, amount, lines, discounts }: Rating): {
  readonly [name: string]: Content;
} {
  return {
    content_hash: contentHash,
    amount: formatDecimal(amount),
    lines: lines.map(lineContent),
    discounts: discounts.map((discount) => [
      discount.rule,
      ...[...discount.lines].map(([line, loss]) => [line, formatDecimal(loss)]),
    ]),
  };
}

function lineContent({ line, kind, price, rule, quantity, usedBefore, amount, net }: Line): Content {
  return [line, kind, price, rule, ...[quantity, usedBefore, amount, net].map(formatDecimal)];
}
