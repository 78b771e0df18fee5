import { createHash } from 'node:crypto';
import { RatebookError } from '../../../errors/error.js';
import { currencyOf } from '../../../quote/facts.js';
import type { GivenFacts } from '../../../quote/input.js';
import { rateUse } from '../../../quote/quote.js';
import type { Totals } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import type { Span } from '../../../time/instant.js';
import type { Account, Subscription } from '../accounts/account.js';
import { factTexts, filledFacts, inputOfRating, otherCurrency } from '../recording/rate-use.js';
import { refuseTooLong } from '../recording/storable.js';
import type { Earned, MeasuredTotal, RatedPart, Rating } from '../recording/usage.js';
import type { LoadedRevision } from '../revisions/revision-book.js';
import { asOfPeriod } from './life.js';
import type { Piece } from './pieces.js';

/** A piece of a period with all that it is to be charged by. */
export type Wanted = {
  readonly piece: Piece;
  readonly period: Span;
  readonly revision: LoadedRevision;
  readonly filled: GivenFacts;
  /** The facts of a group that is measured. */
  readonly given: GivenFacts;
  readonly totals: readonly MeasuredTotal[];
  /** What is topped up to a minimum. */
  readonly earned?: Earned | undefined;
  /** The same for the same charge: what tells whether a rating is still wanted. */
  readonly fingerprint: string;
};

type Charged = {
  readonly account: Account;
  readonly subscription: Subscription;
  readonly revision: LoadedRevision;
  readonly period: Span;
};

export function wantedOf(
  { account, subscription, revision, period }: Charged,
  piece: Piece,
  { given = new Map(), totals = [], earned }: Partial<Pick<Wanted, 'given' | 'totals' | 'earned'>> = {},
): Wanted {
  const seen = asOfPeriod(subscription, period.start);
  const filled = filledFacts('period', piece.at, { account, subscription: seen, revision });
  const { contentHash, head } = revision;
  const facts = [...filled, ...given].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = hashOf([piece, period, head.number, contentHash, facts, totals, earned]);
  return { piece, period, revision, filled, given, totals, earned, fingerprint };
}

/** SHA-256 of plain data, whose instants are written out. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
  return createHash('sha256').update(text).digest('hex');
}

/** What a rating of it goes by. */
export function chargedBy({ piece, period, filled, given, totals, earned }: Wanted) {
  const { service, served, prices, window, at: occurredAt } = piece;
  const part: RatedPart = { service, served, prices, totals, ...(earned && { earned }), window };
  return { given, filled, occurredAt, moment: 'period', period, part } as const;
}

/** Where a rating stands among all of its account and of its period. */
export type Place = Pick<Rating, 'usageId' | 'number' | 'turn' | 'place' | 'recordedAt'>;

/**
 * Rates a piece. Undefined where no rule charges for it: then nothing is due. Throws INVALID_FACTS when an attribute is
 * missing that the strategy needs, and OTHER_CURRENCY.
 */
export async function rateWanted(
  wanted: Wanted,
  { account, subscription }: Pick<Charged, 'account' | 'subscription'>,
  { totals: counted, place }: { readonly totals: Totals; readonly place: Place },
): Promise<Rating | undefined> {
  const { piece, revision, fingerprint } = wanted;
  const { strategy, engine, head, contentHash } = revision;
  const rated = chargedBy(wanted);
  const calculation = rateUse(strategy, inputOfRating(rated), { index: 0, totals: counted });
  const found = await Promise.resolve()
    .then(() => answerSoon(engine.match, calculation))
    .catch(nothingDue);
  if (found === undefined) return undefined;
  const { evaluation, before } = found;
  const currency = currencyOf(strategy, evaluation.facts);
  if (currency !== account.currency) throw otherCurrency(account, currency);
  const { amount, lines, discounts, facts } = evaluation;
  const rating: Rating = {
    account: account.id,
    subscription: subscription.id,
    strategy: strategy.id,
    ...place,
    ...rated,
    reverses: undefined,
    revision: head.number,
    contentHash,
    fingerprint,
    facts: factTexts(facts, rated.part),
    currency,
    amount,
    lines,
    discounts,
    dueAt: piece.dueAt,
    before,
    settlements: [],
  };
  refuseTooLong(rating, []);
  return rating;
}

function nothingDue(error: unknown): undefined {
  if (!(error instanceof RatebookError) || error.reason !== 'NO_PRICE') throw error;
}
