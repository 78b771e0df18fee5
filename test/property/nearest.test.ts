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
import { type Document, charge, inputOf, rule, strategyFrom } from '../quote/priced.js';
import { fact, strategyOf } from '../strategy/strategy-of.js';
import { FACTS, documents, facts } from './strategy/engine/documents.js';

/** Rules of generated conditions over every type of fact, each with a price of its own. */
function strategyWith({ first, second, rules }: Documents): Strategy {
  const prices = rules.map((_, i) => ({ [`p${i}`]: { model: 'flat', amount: i + 1 } }));
  const { prices: read } = strategyFrom({
    prices: Object.assign({ p: { model: 'flat', amount: 100 } }, ...prices) as Document,
    rules: [charge('p')],
  });
  const declared = [...FACTS].map(([name, type]) => fact(name, type, { optional: true }));
  const drawn = rules.map(([conditions, priority], index) => ({
    ...{ name: `rule ${index}`, index, moment: 'usage' as const, priority },
    ...(conditions && { conditions }),
    event:
      index % 5 === 4
        ? { type: 'reject' as const, code: 'NO', message: 'No.' }
        : { type: 'charge' as const, price: `p${index}`, line: `line ${index % 3}` },
  }));
  const strategy = strategyOf({ rules: drawn, facts: declared, conditions: { first, second } });
  return { ...strategy, prices: read, lines: ['line 0', 'line 1', 'line 2'] };
}
type Documents = typeof documents extends fc.Arbitrary<infer T> ? T : never;

function given(value: FactValue): GivenFact {
  if (typeof value === 'object' && !isDecimal(value)) return { kind: 'list', texts: value };
  return { kind: 'text', text: formatFactValue(value) };
}

function inputWith(values: ReadonlyMap<string, FactValue>): QuoteInput {
  return { ...inputOf({}), usages: [new Map([...values].map(([name, value]) => [name, given(value)]))] };
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
      fc.asyncProperty(documents, fc.array(facts, { minLength: 4, maxLength: 4 }), async (drawn, sets) => {
        const strategy = strategyWith(drawn);
        const engine = compiledEngine(strategy);
        const { match } = referenceEngine(strategy);
        for (const values of sets) {
          const input = inputWith(values);
          const alternatives = nearest(strategy, engine, input);
          for (const { fact: name, value, outcome, insteadOfOutcome } of alternatives) {
            const changed = new Map(values);
            if (value === undefined) changed.delete(name);
            else changed.set(name, value);
            assert.equal(totalOf(strategy, engine, inputWith(changed)), shown(outcome), name);
            assert.equal(totalOf(strategy, engine, input), shown(insteadOfOutcome));
            assert.notEqual(shown(outcome), shown(insteadOfOutcome));
            checked += 1;
          }
          const again = await answerWith(match, nearestOutcomes(strategy, input));
          assert.deepEqual(
            again.flatMap((one) => one.alternatives.map(summary)),
            alternatives.map(summary),
          );
        }
      }),
      { numRuns: 20 },
    );
    assert.ok(checked > 5, `only ${checked} were found`);
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
