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
import type { MeasuredTotal, Rating } from '../recording/usage.js';
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
  { given = new Map(), totals = [] }: Partial<Pick<Wanted, 'given' | 'totals'>> = {},
): Wanted {
  const seen = asOfPeriod(subscription, period.start);
  const filled = filledFacts('period', piece.at, { account, subscription: seen, revision });
  const { contentHash, head } = revision;
  const facts = [...filled, ...given].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = hashOf([piece, period, head.number, contentHash, facts, totals]);
  return { piece, period, revision, filled, given, totals, fingerprint };
}

/** SHA-256 of plain data, whose instants are written out. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
  return createHash('sha256').update(text).digest('hex');
}

/** Where a rating stands among all of its account and of its period. */
export type Place = Pick<Rating, 'usageId' | 'number' | 'turn' | 'place' | 'recordedAt'>;

/**
 * Rates a piece. Undefined where no rule charges for it: then nothing is due. Throws INVALID_FACTS when an attribute is
 * missing that the strategy needs, and OTHER_CURRENCY.
 */
export async function rateWanted(
  { piece, period, revision, filled, given, totals, fingerprint }: Wanted,
  { account, subscription }: Pick<Charged, 'account' | 'subscription'>,
  { totals: counted, place }: { readonly totals: Totals; readonly place: Place },
): Promise<Rating | undefined> {
  const { strategy, engine, head, contentHash } = revision;
  const { service, served, prices, window, at: occurredAt, dueAt } = piece;
  const part = { service, served, prices, totals, window };
  const rated = { given, filled, occurredAt, moment: 'period', period, part } as const;
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
    facts: factTexts(facts, part),
    currency,
    amount,
    lines,
    discounts,
    dueAt,
    before,
    settlements: [],
  };
  refuseTooLong(rating, []);
  return rating;
}

function nothingDue(error: unknown): undefined {
  if (!(error instanceof RatebookError) || error.reason !== 'NO_PRICE') throw error;
}
