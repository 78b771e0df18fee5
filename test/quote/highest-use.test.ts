import assert from 'node:assert/strict';
import fc from 'fast-check';
import { greatest } from '../../src/money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../src/money/decimal.js';
import { highestUse } from '../../src/quote/highest-use.js';
import { rateUse } from '../../src/quote/quote.js';
import { openTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { type Document, type Use, charge, inputOf, strategyFrom, when } from './priced.js';

const volume = {
  model: 'volume',
  quantity: 'units',
  tiers: [{ up_to: 10, unit_price: 2 }, { unit_price: 1 }],
};
const facts = {
  units: { type: 'integer', default: 0, billable: true },
  calls: { type: 'integer', default: 0 },
};

type Given = {
  readonly facts: Use;
  readonly used?: Readonly<Record<string, number>>;
  readonly covered?: number;
};

/** The most that the use can cost, and what a slow search through all quantities comes to. */
function mostOf(strategy: Strategy, given: Given): Decimal {
  const { match } = compiledEngine(strategy);
  const input = inputOf(given);
  const totals = openTotals(strategy, input);
  const newCover = () => {
    let left = decimal(given.covered ?? 0);
    return (_price: string, quantity: Decimal) => {
      const covered = decimal(Math.min(Number(formatDecimal(left)), Number(formatDecimal(quantity))));
      left = ZERO;
      return covered;
    };
  };
  const use = { index: 0, totals };
  const { evaluation } = answerNow(match, rateUse(strategy, input, { ...use, cover: newCover() }));
  return answerNow(match, highestUse(strategy, input, { totals, whole: evaluation, newCover })).amount;
}

function costOf(strategy: Strategy, given: Given): Decimal {
  const input = inputOf(given);
  const use = { index: 0, totals: openTotals(strategy, input) };
  return answerNow(compiledEngine(strategy).match, rateUse(strategy, input, use)).evaluation.amount;
}

describe('the most that a use can cost', () => {
  const document: Document = { facts, prices: { units: volume }, rules: [charge('units', 'units')] };
  const CASES: readonly (readonly [what: string, most: string, Document, Given])[] = [
    ['is that of the whole where more costs more', '16', document, { facts: { units: 8 } }],
    ['is that of less where a cheaper tier prices all units', '20', document, { facts: { units: 12 } }],
    ['counts from the running total', '8', document, { facts: { units: 6 }, used: { units: 6 } }],
    ['is that of the whole again further on', '30', document, { facts: { units: 30 } }],
    ['goes past units that are covered', '20', document, { facts: { units: 17 }, covered: 5 }],
    [
      'sees a rule that makes more cheaper',
      '27',
      {
        facts,
        prices: {
          few: { model: 'per_unit', quantity: 'units', unit_price: 3 },
          many: { model: 'per_unit', quantity: 'units', unit_price: 1 },
        },
        rules: [
          charge('few', 'units', when('units', 'lessThan', 10)),
          charge('many', 'units', when('units', 'greaterThanInclusive', 10)),
        ],
      },
      { facts: { units: 12 } },
    ],
    [
      'takes each quantity where it costs most',
      '40',
      {
        facts,
        prices: { units: volume, calls: { ...volume, quantity: 'calls' } },
        rules: [charge('units', 'units'), charge('calls', 'calls')],
      },
      { facts: { units: 12, calls: 15 } },
    ],
  ];
  for (const [what, most, strategy, given] of CASES) {
    it(what, () => {
      assert.equal(formatDecimal(mostOf(strategyFrom(strategy), given)), most);
    });
  }

  it('is what a search through all whole quantities finds', () => {
    const tiers = fc
      .uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 })
      .chain((bounds) => {
        const ends = [...bounds.sort((a, b) => a - b), undefined];
        return fc.tuple(
          ...ends.map((up_to) =>
            fc
              .integer({ min: 0, max: 9 })
              .map((unit_price) => ({ ...(up_to !== undefined && { up_to }), unit_price })),
          ),
        );
      });
    const free = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(
        tiers,
        free,
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (drawn, units, used, given) => {
          const price = {
            model: 'volume',
            quantity: 'units',
            tiers: drawn,
            ...(units > 0 && { free: units }),
          };
          const strategy = strategyFrom({
            facts,
            prices: { units: price },
            rules: [charge('units', 'units')],
          });
          const all = Array.from({ length: given }, (_, i) =>
            costOf(strategy, { facts: { units: i + 1 }, used: { units: used } }),
          );
          const slow = all.reduce(greatest);
          assert.equal(
            formatDecimal(mostOf(strategy, { facts: { units: given }, used: { units: used } })),
            formatDecimal(slow),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
