import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RatebookError } from '../../src/errors/error.js';
import { negate, sum } from '../../src/money/arithmetic.js';
import { type Decimal, ZERO, formatDecimal } from '../../src/money/decimal.js';
import { countedUsage } from '../../src/pricing/rate.js';
import { resolvePrice } from '../../src/pricing/resolve.js';
import { total } from '../../src/pricing/total.js';
import { groupOfKey } from '../../src/quote/counters.js';
import { groupsOfUse } from '../../src/quote/groups.js';
import type { QuoteInput } from '../../src/quote/input.js';
import { takeOver } from '../../src/quote/moves.js';
import { type Evaluation, type RatedUse, rateUse } from '../../src/quote/quote.js';
import { type StoredCounter, byWindow, countedBy } from '../../src/quote/stored-totals.js';
import { type Totals, openTotals, restoreTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { type Document, charge, inputOf, strategyFrom } from '../quote/priced.js';
import { exampleNames, readExample, rulesFile } from '../rules/example.js';
import { FACTS, LINES, adjustments } from './quote-documents.js';
import { anyPrice, totalPrice } from './recorded-documents.js';
import { type Kept, keep, recorderOf, restored, standing } from '../quote/recording.js';

const same = (a: Decimal, b: Decimal) => {
  assert.equal(formatDecimal(a), formatDecimal(b));
};
const amountOf = ({ evaluation }: RatedUse) => evaluation.amount;
const kept = (): Kept => new Map();

const quantity = fc.integer({ min: 0, max: 120 }).map((tenths) => tenths / 10);
const at = fc.constantFrom('2026-01-05T12:00:00Z', '2026-01-06T12:00:00Z');
const uses = (minLength: number) =>
  fc.array(
    fc
      .record({ a: quantity, b: quantity, c: quantity, team: fc.constantFrom('x', 'y'), occurred_at: at })
      .map((facts) => inputOf({ facts })),
    { minLength, maxLength: 6 },
  );

const facts = { ...FACTS, team: { type: 'string' } };
/** Documents of three prices and whatever discounts and surcharges. */
const documents = fc
  .record({ a: anyPrice('a'), b: anyPrice('b'), c: anyPrice('c'), more: adjustments })
  .map(({ more, ...prices }): Document => ({
    facts,
    prices,
    rules: [...LINES.map((line) => charge(line)), ...more],
  }));

/** What must come out again, as plain data. */
const plain = ({ facts: { values, gaps, occurredAt }, ...rest }: Evaluation) => ({
  ...rest,
  values,
  gaps,
  occurredAt,
});

/** Rates every use of an input from the totals that the ones before have left, and again from what it has read alone. */
function replayAll(strategy: Strategy, input: QuoteInput, totals: Totals): number {
  const { match } = compiledEngine(strategy);
  let rated = 0;
  for (const index of input.usages.keys()) {
    try {
      const { evaluation, moves, before } = answerNow(match, rateUse(strategy, input, { index, totals }));
      const alone = { index, totals: restoreTotals(strategy, byWindow(before)) };
      const again = answerNow(match, rateUse(strategy, input, alone));
      assert.deepEqual(plain(again.evaluation), plain(evaluation));
      assert.deepEqual(again.before, before);
      assert.deepEqual(countedBy(again.moves), countedBy(moves));
      assertGroupsKnown(strategy, { ...input, usages: [input.usages[index] ?? new Map()] }, [
        ...before,
        ...countedBy(moves),
      ]);
      takeOver(moves);
      rated += 1;
    } catch (error) {
      if (!(error instanceof RatebookError)) throw error;
    }
  }
  return rated;
}

/** Every group that a use has read or counted in was told of before. */
function assertGroupsKnown(strategy: Strategy, input: QuoteInput, counters: readonly StoredCounter[]): void {
  const known = new Set(groupsOfUse(strategy, input).map(({ window, group }) => `${window} ${group}`));
  for (const { window, key } of counters) {
    const group = groupOfKey(key);
    if (group !== undefined) assert.ok(known.has(`${window} ${group}`), `${window} ${key}`);
  }
}

describe('property: a rated use computed again from what it has read alone', () => {
  for (const name of exampleNames) {
    it(`comes out the same for the cases of ${name}`, () => {
      const { strategy, cases } = readExample(rulesFile(name));
      assert.ok(strategy);
      const rated = cases.map(({ input }) => replayAll(strategy, input, openTotals(strategy, input)));
      assert.ok(rated.some((count) => count > 0));
    });
  }

  it('comes out the same for any document', () => {
    fc.assert(
      fc.property(documents, uses(1), (document, inputs) => {
        const strategy = strategyFrom(document);
        const totals = restoreTotals(strategy, new Map());
        for (const input of inputs) assert.equal(replayAll(strategy, input, totals), 1);
      }),
      { numRuns: 300 },
    );
  });
});

const only = (own: Document): Strategy => strategyFrom({ facts, prices: { a: own }, rules: [charge('a')] });

describe('property: recorded uses', () => {
  const batches = uses(1).chain((inputs) =>
    fc.record({
      order: fc.shuffledSubarray(inputs, { minLength: inputs.length }),
      cuts: fc.subarray([...inputs.keys()]),
    }),
  );

  it('in any order and any split into batches, kept in between, add up to P(total)', () => {
    fc.assert(
      fc.property(totalPrice('a'), batches, (own, { order, cuts }) => {
        const strategy = only(own);
        const { match } = compiledEngine(strategy);
        const store = kept();
        let totals = restored(strategy, store);
        const rated = order.map((input, i) => {
          if (cuts.includes(i)) totals = restored(strategy, store);
          const one = answerNow(match, rateUse(strategy, input, { index: 0, totals }));
          takeOver(one.moves);
          keep(store, countedBy(one.moves));
          return one;
        });
        const plan = strategy.prices.get('a');
        assert.ok(plan);
        const price = resolvePrice(plan, () => ZERO);
        const counted = rated.map(({ evaluation }) =>
          countedUsage(price, evaluation.lines[0]?.quantity ?? ZERO),
        );
        same(sum(rated.map(amountOf)), total(price, sum(counted)));
      }),
      { numRuns: 300 },
    );
  });

  const reversals = uses(1).chain((inputs) =>
    fc.record({
      inputs: fc.constant(inputs),
      cut: fc.nat({ max: inputs.length }),
      gone: fc.shuffledSubarray([...inputs.keys()]),
    }),
  );

  it('of which some are taken back, in any order, are as if those had never been', () => {
    fc.assert(
      fc.property(totalPrice('a'), reversals, (own, { inputs, cut, gone }) => {
        const strategy = only(own);
        const store = kept();
        const { record, reverse } = recorderOf(strategy, store);
        const early = inputs.slice(0, cut).map(record);
        const backEarly = gone.flatMap((i) => early[i] ?? []).map(reverse);
        const late = inputs.slice(cut).map(record);
        const backLate = gone.flatMap((i) => late[i - cut] ?? []).map(reverse);
        const all = [...early, ...late].map(({ rated }) => rated);

        const others = kept();
        const stay = inputs.filter((_, i) => !gone.includes(i)).map(recorderOf(strategy, others).record);
        assert.equal(backEarly.length + backLate.length, gone.length);
        same(
          sum([...all, ...backEarly, ...backLate].map(amountOf)),
          sum(stay.map(({ rated }) => rated.evaluation.amount)),
        );
        assert.deepEqual(standing(store), standing(others));
      }),
      { numRuns: 300 },
    );
  });

  it('are taken back at once by the exact negative, discounts and counters alike', () => {
    fc.assert(
      fc.property(documents, uses(1), (document, inputs) => {
        const strategy = strategyFrom(document);
        const store = kept();
        const { record, reverse } = recorderOf(strategy, store);
        inputs.slice(1).forEach(record);
        const before = standing(store);
        const recorded = record(inputs[0]!);
        const { evaluation } = recorded.rated;
        const back = reverse(recorded).evaluation;
        const signed = (sign: (value: Decimal) => Decimal, { lines, discounts, amount }: Evaluation) => ({
          amount: formatDecimal(sign(amount)),
          lines: lines.map((line) => [
            line.line,
            ...[line.quantity, line.amount, line.net].map((value) => formatDecimal(sign(value))),
          ]),
          discounts: discounts.map(({ rule, lines: losses }) => [
            rule,
            ...[...losses].flatMap(([line, loss]) => [line, formatDecimal(sign(loss))]),
          ]),
        });
        assert.deepEqual(
          signed((value) => value, back),
          signed(negate, evaluation),
        );
        assert.deepEqual(standing(store), before);
      }),
      { numRuns: 300 },
    );
  });
});
