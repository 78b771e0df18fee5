import assert from 'node:assert/strict';
import { Decimal as DecimalJs } from 'decimal.js';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { gatherFacts } from '../../src/quote/gather-facts.js';
import type { QuoteInput } from '../../src/quote/input.js';
import { quote } from '../../src/quote/quote.js';
import { openTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow, answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { exampleNames, readExample, rulesFile } from '../rules/example.js';
import { benchStrategy, drawn, inputOf, naiveTotal } from './quote-inputs.js';
import { type Way, each } from './rounds.js';

/** So few that they stay in the processor's cache, as what was just decoded is in it. */
const INPUTS = 128;
/** The four tiers of the line `output`: upper bound, price of a million. */
const TIERS = [
  [1000, 10],
  [10_000, 8.25],
  [100_000, 7],
  [undefined, 6.125],
] as const;
const BIGINT_TIERS = TIERS.map(
  ([upTo, price]) => [upTo === undefined ? undefined : BigInt(upTo), BigInt(price * 1000)] as const,
);

const draws = drawn(INPUTS);
const inputs = draws.map(inputOf);

/** What is measured, by name; made ready only when it is asked for, as each has a process of its own. */
export const WAYS: Readonly<Record<string, () => Way>> = {
  'whole quote': () => checked(quoting(benchStrategy(), inputs)),
  'whole quote, 5000 used before': () => {
    const used = new Map([['output', decimal(5000)]]);
    return quoting(
      benchStrategy(),
      inputs.map((input) => ({ ...input, used })),
    );
  },
  'facts alone': () => {
    const strategy = benchStrategy();
    return each(inputs, (input) => factsOf(strategy, input));
  },
  'match alone': () => {
    const strategy = benchStrategy();
    const questions = inputs.map((input) => ({
      moment: input.moment,
      facts: factsOf(strategy, input).values,
    }));
    return each(questions, compiledEngine(strategy).match);
  },
  'four tiers, decimal.js': () => each(draws, ({ outputTokens }) => fourTiersDecimalJs(outputTokens)),
  'four tiers, BigInt': () => each(draws, ({ outputTokens }) => fourTiersBigInt(BigInt(outputTokens))),
  'whole quote, reference engine': () => {
    const strategy = benchStrategy();
    const { match } = referenceEngine(strategy);
    return async (count) => {
      for (let i = 0; i < count; i++) {
        const input = inputs[i % INPUTS];
        if (input !== undefined) await answerWith(match, quote(strategy, input));
      }
    };
  },
};

/** Every example priced with the inputs of its own cases, as far as they have a price. */
export const EXAMPLES: Readonly<Record<string, () => Way>> = Object.fromEntries(
  exampleNames.map((name) => [name, () => pricingCasesOf(name)]),
);

function pricingCasesOf(name: string): Way {
  const { strategy, cases } = readExample(rulesFile(name));
  const priced = cases.filter(({ expect }) => expect.error === undefined).map(({ input }) => input);
  if (strategy === undefined) throw new Error(`${name} is not valid`);
  return quoting(strategy, priced);
}

function quoting(strategy: Strategy, priced: readonly QuoteInput[]): Way {
  const { match } = compiledEngine(strategy);
  return each(priced, (input) => answerNow(match, quote(strategy, input)));
}

/** All totals are those that were added up by hand. */
function checked(way: Way): Way {
  const strategy = benchStrategy();
  const { match } = compiledEngine(strategy);
  for (const draw of draws) {
    const { total } = answerNow(match, quote(strategy, inputOf(draw)));
    const naive = new DecimalJs(naiveTotal(draw).toString()).div('1e11').toFixed();
    assert.equal(formatDecimal(total), naive, JSON.stringify(draw));
  }
  return way;
}

function factsOf(strategy: Strategy, input: QuoteInput) {
  return gatherFacts(strategy, input, { index: 0, totals: openTotals(strategy, input) });
}

/** The sum of the line `output`, as one who knows that all tiers are passed would write it. */
function fourTiersDecimalJs(tokens: number): DecimalJs {
  let [sum, floor] = [new DecimalJs(0), new DecimalJs(0)];
  for (const [upTo, price] of TIERS) {
    const top = new DecimalJs(upTo ?? tokens);
    sum = sum.plus(top.minus(floor).times(price));
    floor = top;
  }
  return sum.div(1_000_000);
}

/** The same in units of 10^-9 USD. */
function fourTiersBigInt(tokens: bigint): bigint {
  let [sum, floor] = [0n, 0n];
  for (const [upTo, price] of BIGINT_TIERS) {
    const top = upTo ?? tokens;
    sum += (top - floor) * price;
    floor = top;
  }
  return sum;
}
