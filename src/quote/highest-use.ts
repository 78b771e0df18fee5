import { RatebookError } from '../errors/error.js';
import { minus, plus } from '../money/arithmetic.js';
import { greaterThan, lessThan } from '../money/compare.js';
import { type Decimal, ZERO, formatDecimal, isDecimal } from '../money/decimal.js';
import type { Price } from '../pricing/price.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import type { Cover } from './gathering.js';
import type { QuoteInput } from './input.js';
import { besideAmong } from './nearest/value-beside.js';
import { leavesRead } from './nearest/leaf-edges.js';
import { type Evaluation, rateUse } from './quote.js';
import type { Totals } from './totals.js';

/** A use as large as it can become, already evaluated, and what covers it anew for each quantity that is tried. */
export type WholeUse = {
  readonly totals: Totals;
  readonly whole: Evaluation;
  readonly newCover: () => Cover | undefined;
};

/**
 * What a use costs at most when each of its quantities may come out anywhere from 0 to what is given: the greatest
 * P(t + x) − P(t), since where a cheaper tier prices all units, or a rule changes with a quantity, less may cost more.
 *
 * A price can only turn where one of its tiers or a condition on the quantity ends, so the use is evaluated there, beside
 * a condition's value also one step of it lower and higher, and as it is given. Quantities are gone through in the
 * document's order, each with the greatest of those before it: lines add up, so that is the greatest of all together,
 * unless a rule reads two of them at once. A quantity that has no price counts for nothing.
 */
export function* highestUse(
  strategy: Strategy,
  input: QuoteInput,
  { totals, whole, newCover }: WholeUse,
): Generator<MatchQuestion, Evaluation, Matches> {
  let best = { input, evaluation: whole };
  for (const fact of quantitiesOf(strategy, whole)) {
    const { input: start } = best;
    for (const value of turningPoints(strategy, whole, fact)) {
      const tried = withQuantity(start, fact, value);
      const evaluation = yield* pricedAt(strategy, tried, { totals, cover: newCover() });
      if (evaluation !== undefined && greaterThan(evaluation.amount, best.evaluation.amount))
        best = { input: tried, evaluation };
    }
  }
  return best.evaluation;
}

/** The given facts that may come out smaller: those that are billable or that a price counts. */
function quantitiesOf({ facts, prices, prepared }: Strategy, { lines }: Evaluation): readonly string[] {
  const counted = new Set(prepared.billable);
  for (const { price } of lines) {
    const quantity = prices.get(price)?.quantity;
    if (quantity?.kind === 'fact') counted.add(quantity.fact);
  }
  return [...facts.keys()].filter((fact) => counted.has(fact));
}

/** Values of the fact below the given one at which the cost may turn. */
function turningPoints(strategy: Strategy, whole: Evaluation, fact: string): readonly Decimal[] {
  const given = whole.facts.values.get(fact);
  if (!isDecimal(given)) return [];
  const points = [...tierEnds(strategy, whole, fact), ...conditionEnds(strategy, fact)];
  const between = points.filter((point) => greaterThan(point, ZERO) && lessThan(point, given));
  const byText = new Map(between.map((point) => [formatDecimal(point), point]));
  return [...byText.values()];
}

/** Where the running total reaches the end of a tier after which all units cost less; covered units come before it. */
function tierEnds({ prices }: Strategy, { charges, facts }: Evaluation, fact: string): readonly Decimal[] {
  const given = facts.values.get(fact);
  return charges.flatMap(({ line, rating }) => {
    const counted = prices.get(line.price)?.quantity;
    if (rating === undefined || counted?.kind !== 'fact' || counted.fact !== fact || !isDecimal(given))
      return [];
    const { price, before, quantity } = rating;
    const covered = minus(given, quantity);
    const start = minus(plus(covered, price.free?.quantity ?? ZERO), before.quantity);
    return boundsOf(price).map((upTo) => plus(upTo, start));
  });
}

/** Of the tiers of a price that may go down; where each unit costs what its own tier says, more never costs less. */
function boundsOf({ model, negative }: Price<Decimal>): readonly Decimal[] {
  const isFalling = model.kind === 'volume' || model.kind === 'volume_percentage' || negative;
  if (!isFalling || !('tiers' in model)) return [];
  return model.tiers.flatMap(({ upTo }) => (upTo === undefined ? [] : [upTo]));
}

function conditionEnds(strategy: Strategy, fact: string): readonly Decimal[] {
  const type = strategy.types.get(fact);
  if (type !== 'integer' && type !== 'decimal') return [];
  const values = leavesRead(strategy, 'usage').flatMap((leaf) =>
    leaf.fact === fact && leaf.value.kind === 'value' && isDecimal(leaf.value.value)
      ? [leaf.value.value]
      : [],
  );
  const beside = besideAmong(type, values);
  const steps = values.flatMap((value) => [beside(value, -1), value, beside(value, 1)]);
  return steps.filter((value) => isDecimal(value));
}

function withQuantity(input: QuoteInput, fact: string, value: Decimal): QuoteInput {
  const given = new Map(input.usages[0]).set(fact, { kind: 'text', text: formatDecimal(value) });
  return { ...input, usages: [given] };
}

type At = { readonly totals: Totals; readonly cover: Cover | undefined };

function* pricedAt(
  strategy: Strategy,
  input: QuoteInput,
  at: At,
): Generator<MatchQuestion, Evaluation | undefined, Matches> {
  try {
    return (yield* rateUse(strategy, input, { index: 0, ...at })).evaluation;
  } catch (error) {
    if (error instanceof RatebookError) return undefined;
    throw error;
  }
}
