import { RatebookError } from '../errors/error.js';
import { sum } from '../money/arithmetic.js';
import type { Decimal } from '../money/decimal.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { adjustCharges } from './adjust.js';
import { bill } from './bill.js';
import { type Charge, chargeLines } from './charge.js';
import { type Facts, currencyOf } from './facts.js';
import { gatherFacts } from './gather-facts.js';
import type { Use } from './gathering.js';
import type { QuoteInput } from './input.js';
import type { Discount, Line, Tax } from './line.js';
import { type Matched, refuseRejected } from './matched.js';
import { openTotals } from './totals.js';

/** A price computed and accounted for. Amounts are exact, in `currency`. */
export type Quote = {
  readonly strategy: string;
  readonly currency: string;
  /** Sum of the evaluations' amounts. */
  readonly amount: Decimal;
  /** `amount` with the taxes that are not in it already. */
  readonly total: Decimal;
  /** One for each use, in order. */
  readonly evaluations: readonly Evaluation[];
};

/** What one use, period or bill costs: amount = Σ lines − Σ discounts; total = amount + Σ taxes that are not included. */
export type Evaluation = {
  readonly facts: Facts;
  readonly matches: Matches;
  /** How each line was priced, for explanations. */
  readonly charges: readonly Charge[];
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  readonly taxes: readonly Tax[];
  readonly amount: Decimal;
  readonly total: Decimal;
};

/**
 * The calculation, top to bottom. It stops where an engine has to say which rules match and goes on with the answer, so
 * that one text serves an engine that answers at once and one that answers later.
 *
 * Throws RatebookError: INVALID_FACTS with every violation, REJECTED, NO_PRICE.
 */
export function* quote(strategy: Strategy, input: QuoteInput): Generator<MatchQuestion, Quote, Matches> {
  const totals = openTotals(strategy, input);
  const evaluations: Evaluation[] = [];
  for (const index of input.usages.keys()) {
    evaluations.push(yield* quoteUse(strategy, input, { index, totals }));
  }
  return {
    strategy: strategy.id,
    currency: oneCurrency(strategy, evaluations),
    amount: sum(evaluations.map((evaluation) => evaluation.amount)),
    total: sum(evaluations.map((evaluation) => evaluation.total)),
    evaluations,
  };
}

/** Prices one use of the input after the totals that earlier ones have left, and moves them on. Throws as `quote` does. */
export function* quoteUse(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, Evaluation, Matches> {
  const facts = gatherFacts(strategy, input, use);
  const matches = yield { moment: input.moment, facts: facts.values };
  return evaluate(strategy, input, { facts, matches, totals: use.totals });
}

function evaluate(strategy: Strategy, input: QuoteInput, matched: Matched): Evaluation {
  refuseRejected(matched.matches);
  const { facts, matches } = matched;
  if (input.moment === 'invoice') return { facts, matches, charges: [], ...bill(strategy, input, matched) };
  const charges = chargeLines(strategy, input, matched);
  const { lines, discounts } = adjustCharges(strategy, matched, charges);
  const amount = sum(lines.map((line) => line.net));
  return { facts, matches, charges, lines, discounts, taxes: [], amount, total: amount };
}

function oneCurrency(strategy: Strategy, evaluations: readonly Evaluation[]): string {
  const currencies = new Set(evaluations.map(({ facts }) => currencyOf(strategy, facts)));
  const [first, ...others] = currencies;
  if (first !== undefined && others.length === 0) return first;
  const all = [...currencies].join(' and ');
  throw new RatebookError(
    'INVALID_FACTS',
    `The uses of one quote are priced in ${all}; send a quote for each currency.`,
  );
}
