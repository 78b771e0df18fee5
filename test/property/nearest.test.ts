import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RatebookError } from '../../src/errors/error.js';
import { formatDecimal, isDecimal } from '../../src/money/decimal.js';
import type { Alternative } from '../../src/quote/nearest/alternatives.js';
import type { GivenFact, QuoteInput } from '../../src/quote/input.js';
import { nearestOutcomes } from '../../src/quote/nearest/nearest.js';
import { quote } from '../../src/quote/quote.js';
import type { UseOutcome } from '../../src/quote/nearest/use-outcome.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { type PromptEngine, answerNow, answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { formatFactValue } from '../../src/strategy/fact-value.js';
import type { FactValue, Strategy } from '../../src/strategy/strategy.js';
import { charge, inputOf, rule, strategyFrom } from '../quote/priced.js';
import { type Use, givenFact, strategyOfDrawn } from './strategy/engine/drawn.js';
import { quotes } from './strategy/engine/quotes.js';

function given(value: FactValue): GivenFact {
  if (typeof value === 'bigint') return { kind: 'instant', at: value };
  if (typeof value === 'object' && !isDecimal(value)) return { kind: 'list', texts: value };
  return { kind: 'text', text: formatFactValue(value) };
}

function inputOfUse(use: Use): QuoteInput {
  const facts = Object.entries(use).map(([name, sent]) => [name, givenFact(sent)] as const);
  return { ...inputOf({}), usages: [new Map(facts)] };
}

function withFact(input: QuoteInput, name: string, value: FactValue | undefined): QuoteInput {
  const facts = new Map(input.usages[0]);
  if (value === undefined) facts.delete(name);
  else facts.set(name, given(value));
  return { ...input, usages: [facts] };
}

/** What a quote comes to, or the reason of its error. */
function totalOf(strategy: Strategy, { match }: PromptEngine, input: QuoteInput): string {
  try {
    return formatDecimal(answerNow(match, quote(strategy, input)).total);
  } catch (error) {
    assert.ok(error instanceof RatebookError);
    return error.reason;
  }
}

const shown = (outcome: UseOutcome) =>
  outcome.kind === 'priced' ? formatDecimal(outcome.total) : outcome.error.reason;

function nearest(strategy: Strategy, { match }: PromptEngine, input: QuoteInput): readonly Alternative[] {
  const found = answerNow(match, nearestOutcomes(strategy, input));
  return found.flatMap(({ alternatives }) => alternatives);
}

describe('property: the nearest other outcome', function () {
  this.timeout(60_000);

  it('is what a quote of the changed fact says, on both engines', async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(quotes, async (drawn) => {
        const strategy = strategyOfDrawn(drawn);
        const engine = compiledEngine(strategy);
        const { match } = referenceEngine(strategy);
        for (const input of drawn.uses.slice(0, 3).map(inputOfUse)) {
          const alternatives = nearest(strategy, engine, input);
          for (const { fact, value, outcome, insteadOfOutcome } of alternatives) {
            assert.equal(totalOf(strategy, engine, input), shown(insteadOfOutcome));
            assert.notEqual(shown(outcome), shown(insteadOfOutcome));
            // A clock that is moved leaves the instant; every other fact can be sent.
            if (fact.startsWith('local_')) continue;
            assert.equal(totalOf(strategy, engine, withFact(input, fact, value)), shown(outcome), fact);
            checked += 1;
          }
          const again = await answerWith(match, nearestOutcomes(strategy, input));
          assert.deepEqual(
            again.flatMap((one) => one.alternatives.map(summary)),
            alternatives.map(summary),
          );
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(checked > 20, `only ${checked} were found`);
  });

  const summary = ({ fact: name, value, outcome }: Alternative) => [
    name,
    value,
    shown(outcome),
    outcome.rules,
  ];

  const bound = fc.integer({ min: 0, max: 30 });
  const operator = fc.constantFrom(
    'lessThan',
    'lessThanInclusive',
    'greaterThan',
    'greaterThanInclusive',
    'equal',
  );
  const discounts = fc.array(fc.tuple(operator, bound), { minLength: 1, maxLength: 4 });

  it('is the first number up and the first one down that cost something else', () => {
    fc.assert(
      fc.property(discounts, bound, (drawn, n) => {
        const strategy = strategyFrom({
          facts: { n: { type: 'integer' } },
          prices: { p: { model: 'flat', amount: 100 } },
          rules: [
            charge('p'),
            ...drawn.map(([by, value], i) =>
              rule(
                `d${i}`,
                'discount',
                { percent: 2 ** i },
                { conditions: { all: [{ fact: 'n', operator: by, value }] } },
              ),
            ),
          ],
        });
        const engine = compiledEngine(strategy);
        const at = (value: number) => totalOf(strategy, engine, inputOf({ facts: { n: value } }));
        const beyond = Array.from({ length: 40 }, (_, i) => i + 1);
        const other = [1, -1].flatMap((way) => {
          const first = beyond.find((distance) => at(n + way * distance) !== at(n));
          return first === undefined ? [] : [`${n + way * first} ${at(n + way * first)}`];
        });
        const found = nearest(strategy, engine, inputOf({ facts: { n } }));
        const told = found.map(({ value, outcome }) => `${formatFactValue(value ?? '')} ${shown(outcome)}`);
        assert.deepEqual(told.toSorted(), other.toSorted());
      }),
      { numRuns: 100 },
    );
  });
});
