import assert from 'node:assert/strict';
import { least } from '../../src/money/compare.js';
import { type Decimal, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Cover } from '../../src/quote/gathering.js';
import { rateUse } from '../../src/quote/quote.js';
import { reverseUse } from '../../src/quote/reverse-use.js';
import { openTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import { type Document, charge, inputOf, strategyFrom } from './priced.js';

const facts = { units: { type: 'decimal', billable: true } };
const graduated = {
  model: 'graduated',
  quantity: 'units',
  tiers: [{ up_to: 5, unit_price: 2, flat: 1 }, { unit_price: 1 }],
};

/** Covers up to so many of a use. */
const covering =
  (units: number): Cover =>
  (_price: string, quantity: Decimal) =>
    least(decimal(units), quantity);

describe('units that are covered', () => {
  const CASES: readonly (readonly [
    what: string,
    shown: string,
    price: Document,
    units: number,
    covered: number,
  ])[] = [
    ['are not charged', '7: 3 after 0', graduated, 8, 5],
    ['cost no fee of the first tier when that is all', '0: 0 after 0', graduated, 4, 4],
    ['leave a use of which none is covered as it is', '11: 5 after 0', graduated, 5, 0],
    ['leave a use of quantity 0 its fee', '1: 0 after 0', graduated, 0, 5],
    [
      'come before free ones',
      '2: 3 after 0',
      { model: 'per_unit', quantity: 'units', unit_price: 1, free: 1 },
      8,
      5,
    ],
    [
      'come before rounding',
      '4: 3 after 0',
      { model: 'package', quantity: 'units', size: 2, price: 2 },
      8,
      5,
    ],
  ];
  for (const [what, expected, price, units, covered] of CASES) {
    it(what, () => {
      const strategy = strategyFrom({ facts, prices: { units: price }, rules: [charge('units', 'units')] });
      const { match } = compiledEngine(strategy);
      const input = inputOf({ facts: { units } });
      const use = { index: 0, totals: openTotals(strategy, input) };
      const rated = answerNow(match, rateUse(strategy, input, { ...use, cover: covering(covered) }));
      const [line] = rated.evaluation.lines;
      assert.ok(line);
      const { amount, quantity, usedBefore } = line;
      assert.equal(
        `${formatDecimal(amount)}: ${formatDecimal(quantity)} after ${formatDecimal(usedBefore)}`,
        expected,
      );

      const back = { ...use, before: rated.before, cover: covering(covered) };
      const reversed = answerNow(match, reverseUse(strategy, input, back));
      assert.equal(
        formatDecimal(reversed.evaluation.amount),
        formatDecimal(decimal(`-${formatDecimal(amount)}`)),
      );
    });
  }
});
