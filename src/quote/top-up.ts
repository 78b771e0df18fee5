import { RatebookError } from '../errors/error.js';
import { minus, plus } from '../money/arithmetic.js';
import { greaterThan } from '../money/compare.js';
import { type Decimal, ZERO, isZero } from '../money/decimal.js';
import { total } from '../pricing/total.js';
import type { Strategy } from '../strategy/strategy.js';
import { type Charge, type Rating, closedPrices, priceOf } from './charge.js';
import { type Facts, operandValue } from './facts.js';
import type { QuoteInput } from './input.js';
import { type Line, inDocumentOrder, plainLine } from './line.js';
import { matchesOf } from './matched.js';
import { prorate } from './prorate.js';

/**
 * Adds what falls short of the minimums of prices whose window closes with this evaluation: of each use where every use
 * is a window of its own, and at the moment `period`. No discount or surcharge is on them.
 */
export function addTopUps(
  strategy: Strategy,
  input: QuoteInput,
  {
    facts,
    charges,
    lines,
  }: { readonly facts: Facts; readonly charges: readonly Charge[]; readonly lines: readonly Line[] },
): readonly Line[] {
  const own = topUpsOfCharges(input, charges);
  const owed = [...own, ...topUpsOfTotals(strategy, input, facts)];
  return owed.length === 0 ? lines : inDocumentOrder(strategy, [...lines, ...owed], ({ line }) => line);
}

type Earned = { readonly line: Line; readonly rating: Rating; readonly amount: Decimal };

/** A use in pieces may have several charges of one price: their sum is topped up, after the last. */
function topUpsOfCharges(input: QuoteInput, charges: readonly Charge[]): readonly Line[] {
  if (!charges.some(({ rating }) => rating?.price.minimum !== undefined)) return [];
  const earned = new Map<string, Earned>();
  for (const { rating, line } of charges) {
    if (rating?.price.minimum === undefined || !isClosing(input, rating) || !hasUsage(input, rating))
      continue;
    const before = earned.get(rating.price.id)?.amount ?? ZERO;
    earned.set(rating.price.id, { line, rating, amount: plus(before, line.amount) });
  }
  return [...earned.values()].flatMap(({ line, rating, amount }) =>
    topUp(line, prorate(rating.price.minimum ?? ZERO, rating.share), amount),
  );
}

function isClosing({ moment }: QuoteInput, { price }: Rating): boolean {
  return moment === 'period' || price.resets === 'each';
}

function hasUsage({ moment, totals }: QuoteInput, { price, quantity }: Rating): boolean {
  return moment === 'period' && price.measured !== undefined ? totals.has(price.id) : !isZero(quantity);
}

/** Of prices that are charged use by use a quote is told how much was used, and not what that came to. */
function topUpsOfTotals(strategy: Strategy, input: QuoteInput, facts: Facts): readonly Line[] {
  return closedPrices(strategy, input).flatMap((id) => {
    const prepared = strategy.prepared.prices.get(id);
    const quantity = input.totals.get(id);
    if (prepared === undefined || quantity === undefined) return [];
    const numbers = priceOf(prepared, facts, { kind: 'number', value: quantity });
    return topUp(recordedOn(strategy, id), numbers.minimum ?? ZERO, total(numbers, quantity));
  });
}

/**
 * What is due for windows that have closed, by what was charged in them. Throws NO_PRICE where nothing is.
 */
export function topUpsDue(
  strategy: Strategy,
  facts: Facts,
  earned: ReadonlyMap<string, Decimal>,
): readonly Line[] {
  const lines = [...earned].flatMap(([id, amount]) => {
    const { minimum } = strategy.prices.get(id) ?? {};
    return minimum === undefined
      ? []
      : topUp(recordedOn(strategy, id), operandValue(facts, minimum, id), amount);
  });
  if (lines.length > 0) return lines;
  throw new RatebookError('NO_PRICE', `No minimum of ${strategy.id} is above what was charged.`);
}

type On = Pick<Line, 'line' | 'price' | 'rule'>;

/** The line of the first rule that charges for a price. */
function recordedOn({ rules }: Strategy, id: string): On {
  const rule = matchesOf(rules, 'charge').find(({ event }) => event.price === id);
  return { line: rule?.event.line ?? id, price: id, rule: rule?.name ?? '' };
}

function topUp({ line, price, rule }: On, minimum: Decimal, charged: Decimal): readonly Line[] {
  const missing = minus(minimum, charged);
  return greaterThan(missing, ZERO) ? [{ ...plainLine(line, 'minimum', rule, missing), price }] : [];
}
