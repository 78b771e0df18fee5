import { RatebookError } from '../errors/error.js';
import { plus } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { type MatchQuestion, inRank } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import { adjustCharges } from './adjust.js';
import { bill } from './bill.js';
import { type Charge, chargeLines } from './charge.js';
import type { Losses } from './discount.js';
import { type Facts, currencyOf } from './facts.js';
import { gatherFacts } from './gather-facts.js';
import type { Use } from './gathering.js';
import { type PricedGrant, grantsOf } from './grants.js';
import type { QuoteInput } from './input.js';
import { type Discount, type Line, type Tax, netOf } from './line.js';
import { type Matched, refuseRejected } from './matched.js';
import { type Moves, type Reads, startMoves, takeOver } from './moves.js';
import { chargePieces } from './pieces/charge-pieces.js';
import { gatherPieces } from './pieces/gather-pieces.js';
import type { Piece } from './pieces/piece.js';
import { WHOLE, shareOfFixed } from './prorate.js';
import { type StoredCounter, storedReads } from './stored-totals.js';
import { addTopUps, topUpsDue } from './top-up.js';
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
  /** What a purchase or a period gives, where it gives anything. */
  readonly grants?: readonly PricedGrant[];
  /** Of a use that was priced in pieces: these, and what each discount took off each charge. */
  readonly pieces?: readonly Piece[];
  readonly losses?: Losses;
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
  const last = input.usages.length - 1;
  for (let index = 0; index <= last; index++) {
    const use = { index, totals };
    const facts = gatherFacts(strategy, input, use);
    const matches = yield { moment: input.moment, facts: facts.values };
    const pieces = lasts(strategy, input)
      ? yield* gatherPieces(strategy, input, { facts, matches, use })
      : undefined;
    const { evaluation, moves } = evaluate(strategy, input, { facts, matches, use, pieces });
    // The totals end with the quote, so that its last use need not be counted.
    if (index < last) takeOver(moves);
    evaluations.push(evaluation);
  }
  return quoteOf(strategy, evaluations);
}

function quoteOf(strategy: Strategy, evaluations: readonly Evaluation[]): Quote {
  let amount = ZERO;
  let total = ZERO;
  for (const evaluation of evaluations) {
    amount = plus(amount, evaluation.amount);
    total = plus(total, evaluation.total);
  }
  return { strategy: strategy.id, currency: oneCurrency(strategy, evaluations), amount, total, evaluations };
}

/**
 * Prices one use of the input after the totals that earlier ones have left, and moves them on. Throws as `quote` does,
 * and then the totals are what they were.
 */
export function* quoteUse(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, Evaluation, Matches> {
  const { evaluation, moves } = yield* evaluateUse(strategy, input, use);
  takeOver(moves);
  return evaluation;
}

/** A use with its price, and all that has to be kept to compute it again. */
export type RatedUse = Evaluated & {
  /** Where the counters stood that it was computed from; those that had counted nothing are left out. */
  readonly before: readonly StoredCounter[];
};

/**
 * Prices one use that is to be kept. The totals stay as they were until the moves are taken over: what is refused for
 * another reason afterwards was never counted. With totals restored from its `before` alone it comes out the same again.
 * Throws as `quote` does.
 */
export function* rateUse(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, RatedUse, Matches> {
  const reads: Reads = [];
  const { evaluation, moves } = yield* evaluateUse(strategy, input, { ...use, reads });
  return { evaluation, moves, before: storedReads(moves, reads) };
}

/** A use with its price, and what it has counted. */
export type Evaluated = { readonly evaluation: Evaluation; readonly moves: Moves };

function* evaluateUse(
  strategy: Strategy,
  input: QuoteInput,
  use: Use,
): Generator<MatchQuestion, Evaluated, Matches> {
  const facts = gatherFacts(strategy, input, use);
  const matches = yield { moment: input.moment, facts: facts.values };
  const pieces = lasts(strategy, input)
    ? yield* gatherPieces(strategy, input, { facts, matches, use })
    : undefined;
  return evaluate(strategy, input, { facts, matches, use, pieces });
}

/** Whether uses may have to be priced in pieces; of most strategies none has to. */
function lasts({ prepared }: Strategy, { moment }: QuoteInput): boolean {
  return prepared.lasting !== undefined && moment === 'usage';
}

type ToEvaluate = {
  readonly facts: Facts;
  readonly matches: Matches;
  readonly use: Use;
  readonly pieces: readonly Piece[] | undefined;
};

function evaluate(strategy: Strategy, input: QuoteInput, toEvaluate: ToEvaluate): Evaluated {
  const { facts, matches, use, pieces } = toEvaluate;
  refuseRejected(matches);
  const moves = startMoves(use.totals, facts.occurredAt, use.reads);
  const fixedShare = shareOfFixed(strategy, input);
  if (pieces !== undefined)
    return { evaluation: evaluatePieces(strategy, input, { facts, pieces, moves }), moves };
  if (input.due?.earned !== undefined)
    return { evaluation: evaluateTopUps(strategy, input.due.earned, { facts, matches }), moves };
  const matched: Matched = { facts, matches, moves, cover: use.cover, fixedShare };
  const evaluation =
    input.moment === 'invoice'
      ? evaluateBill(strategy, input, matched)
      : evaluateCharges(strategy, input, matched);
  return { evaluation, moves };
}

function evaluateBill(strategy: Strategy, input: QuoteInput, matched: Matched): Evaluation {
  const { facts, matches } = matched;
  const { lines, discounts, taxes, amount, total } = bill(strategy, input, matched);
  return { facts, matches, charges: [], lines, discounts, taxes, amount, total };
}

function evaluateCharges(strategy: Strategy, input: QuoteInput, matched: Matched): Evaluation {
  const { facts, matches } = matched;
  const charges = chargeLines(strategy, input, matched);
  const adjusted = adjustCharges(strategy, matched, charges);
  const lines = addTopUps(strategy, input, { facts, charges, lines: adjusted.lines });
  const { discounts } = adjusted;
  const amount = netOf(lines);
  const evaluation = { facts, matches, charges, lines, discounts, taxes: [], amount, total: amount };
  // What a subscription gets with its periods is worked out apart from what it is charged.
  const grants = input.moment === 'usage' || input.due !== undefined ? [] : grantsOf(strategy, matched);
  return grants.length === 0 ? evaluation : { ...evaluation, grants };
}

function evaluateTopUps(
  strategy: Strategy,
  earned: ReadonlyMap<string, Decimal>,
  { facts, matches }: Pick<Matched, 'facts' | 'matches'>,
): Evaluation {
  const lines = topUpsDue(strategy, facts, earned);
  const amount = netOf(lines);
  return { facts, matches, charges: [], lines, discounts: [], taxes: [], amount, total: amount };
}

type InPieces = { readonly facts: Facts; readonly pieces: readonly Piece[]; readonly moves: Moves };

function evaluatePieces(
  strategy: Strategy,
  input: QuoteInput,
  { facts, pieces, moves }: InPieces,
): Evaluation {
  const matches = inRank([...new Set(pieces.flatMap((piece) => piece.matches))]);
  const charges = chargePieces(strategy, input, { pieces, moves });
  const adjusted = adjustCharges(strategy, { facts, matches, moves, pieces, fixedShare: WHOLE }, charges);
  const { discounts, losses } = adjusted;
  const lines = addTopUps(strategy, input, { facts, charges, lines: adjusted.lines });
  const amount = netOf(lines);
  return { facts, matches, charges, lines, discounts, taxes: [], amount, total: amount, pieces, losses };
}

function oneCurrency(strategy: Strategy, evaluations: readonly Evaluation[]): string {
  const only = evaluations[0];
  if (only !== undefined && evaluations.length === 1) return currencyOf(strategy, only.facts);
  const currencies = new Set(evaluations.map(({ facts }) => currencyOf(strategy, facts)));
  const [first, ...others] = currencies;
  if (first !== undefined && others.length === 0) return first;
  const all = [...currencies].join(' and ');
  throw new RatebookError(
    'INVALID_FACTS',
    `The uses of one quote are priced in ${all}; send a quote for each currency.`,
  );
}
