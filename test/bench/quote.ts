// Whole quotes a second on one core, beside what their parts cost: node dist/test/bench/quote.js [ms a round]
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
import { type Way, perSecond } from './rounds.js';

const GOAL = 250_000;
const INPUTS = 1024;
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
const ms = Number(process.argv[2] ?? 1000);

/** Does something with one item after the other, round and round. */
function each<T>(name: string, items: readonly T[], work: (item: T) => unknown): Way {
  let next = 0;
  return {
    name,
    run: (count) => {
      let last: unknown;
      for (let i = 0; i < count; i++) {
        const item = items[next++ % items.length];
        if (item !== undefined) last = work(item);
      }
      return last;
    },
  };
}

function quoting(name: string, strategy: Strategy, inputs: readonly QuoteInput[]): Way {
  const { match } = compiledEngine(strategy);
  return each(name, inputs, (input) => answerNow(match, quote(strategy, input)));
}

const strategy = benchStrategy();
const draws = drawn(INPUTS);
const inputs = draws.map(inputOf);
checkTotals();

const { match } = compiledEngine(strategy);
const { match: referenceMatch } = referenceEngine(strategy);
const questions = inputs.map((input) => ({
  moment: input.moment,
  facts: gatherFacts(strategy, input, { index: 0, totals: openTotals(strategy, input) }).values,
}));
const used = new Map([['output', decimal(5000)]]);

await table('a second of one core', [
  quoting('whole quote', strategy, inputs),
  quoting(
    'whole quote, 5000 used before',
    strategy,
    inputs.map((input) => ({ ...input, used })),
  ),
  each('facts alone', inputs, (input) =>
    gatherFacts(strategy, input, { index: 0, totals: openTotals(strategy, input) }),
  ),
  each('match alone', questions, match),
  each('four tiers, decimal.js', draws, ({ outputTokens }) => fourTiersDecimalJs(outputTokens)),
  each('four tiers, BigInt', draws, ({ outputTokens }) => fourTiersBigInt(BigInt(outputTokens))),
  {
    name: 'whole quote, reference engine',
    run: async (count) => {
      for (let i = 0; i < count; i++) {
        const input = inputs[i % INPUTS];
        if (input !== undefined) await answerWith(referenceMatch, quote(strategy, input));
      }
    },
  },
]);
await table('the cases of rules/', examples());

function checkTotals(): void {
  const { match: matching } = compiledEngine(strategy);
  for (const [i, input] of inputs.entries()) {
    const draw = draws[i];
    if (draw === undefined) continue;
    const { total } = answerNow(matching, quote(strategy, input));
    const naive = new DecimalJs(naiveTotal(draw).toString()).div('1e11').toFixed();
    assert.equal(formatDecimal(total), naive, JSON.stringify(draw));
  }
}

/** Every example priced with the inputs of its own cases, as far as they have a price. */
function examples(): readonly Way[] {
  return exampleNames.flatMap((name) => {
    const { strategy: example, cases } = readExample(rulesFile(name));
    const priced = cases.filter(({ expect }) => expect.error === undefined).map(({ input }) => input);
    return example === undefined || priced.length === 0 ? [] : [quoting(name, example, priced)];
  });
}

async function table(title: string, ways: readonly Way[]): Promise<void> {
  const found = await perSecond(ways, ms);
  const own = found.get('whole quote');
  console.log(`${title.padEnd(32)}${'per second'.padStart(12)}`);
  for (const [name, rate] of found) {
    const goal = name === 'whole quote' ? `  goal ${GOAL}: ${rate >= GOAL ? 'met' : 'not met'}` : '';
    const ratio = own === undefined ? '' : `  ${(own / rate).toFixed(2)} ×`.padStart(12);
    console.log(`${name.padEnd(32)}${rate.toFixed(0).padStart(12)}${ratio}${goal}`);
  }
  console.log();
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
