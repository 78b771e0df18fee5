import assert from 'node:assert/strict';
import fc from 'fast-check';
import { negate, sum } from '../../src/money/arithmetic.js';
import { type Decimal, formatDecimal } from '../../src/money/decimal.js';
import { rateUse } from '../../src/quote/quote.js';
import { byWindow, countedBy } from '../../src/quote/stored-totals.js';
import { restoreTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import { type Document, charge, inputOf, priced, rule, strategyFrom, when } from '../quote/priced.js';
import { type Kept, recorderOf, restored, standing } from '../quote/recording.js';
import { LINES, adjustments, price } from './quote-documents.js';
import { anyPrice } from './recorded-documents.js';

const same = (a: Decimal, b: Decimal) => {
  assert.equal(formatDecimal(a), formatDecimal(b));
};

const FACTS = {
  a: { type: 'decimal', lasts: 'hour' },
  b: { type: 'decimal' },
  c: { type: 'decimal' },
  team: { type: 'string', default: 'x' },
};
const evening = when('local_hour', 'greaterThanInclusive', 18);
/** Matches from 18 to midnight and takes nothing off: it only cuts. */
const cuts = rule('cuts', 'discount', { percent: 0 }, evening);
const tenths = (max: number) => fc.integer({ min: 0, max }).map((value) => value / 10);

/** A use that begins in the afternoon, with the hours until 18 and those after it. */
const uses = fc
  .record({ before: tenths(40), after: tenths(50), b: tenths(120), c: tenths(120) })
  .map(({ before, after, b, c }) => ({ before, after, b, c }));
const startOf = (before: number) =>
  new Date(Date.UTC(2026, 0, 5, 18) - Math.round(before * 3_600_000)).toISOString();
const factsOf = ({ before, after, b, c }: { before: number; after: number; b: number; c: number }) => ({
  ...{ b, c, occurred_at: startOf(before) },
  a: Math.round((before + after) * 10) / 10,
});

describe('property: a use that is priced in pieces', () => {
  const ofOne = fc.constantFrom('a', 'b').chain((quantity) => anyPrice(quantity));

  it('costs what it costs in one where nothing changes', () =>
    fc.assert(
      fc.asyncProperty(ofOne, fc.array(uses, { minLength: 1, maxLength: 3 }), async (own, drawn) => {
        const document = { facts: FACTS, prices: { a: own }, rules: [charge('a')] };
        const usage = drawn.map(factsOf);
        const whole = await priced(document, { usage });
        const pieces = await priced({ ...document, rules: [...document.rules, cuts] }, { usage });
        for (const [i, { amount }] of pieces.evaluations.entries())
          same(amount, whole.evaluations[i]!.amount);
      }),
      { numRuns: 400 },
    ));

  const untilEvening = (own: Document) => own.model !== 'flat' && own.model !== 'package';
  const twoPrices = fc.record({ a: price('a').filter(untilEvening), b: price('a').filter(untilEvening) });

  it('costs what two uses cost that are cut where another price begins', () =>
    fc.assert(
      fc.asyncProperty(twoPrices, uses, async (prices, drawn) => {
        const rules = [charge('a', 'call'), charge('b', 'call', { ...evening, priority: 2 })];
        const document = { facts: FACTS, prices, rules };
        const { occurred_at, ...facts } = factsOf({
          ...drawn,
          before: drawn.before + 0.1,
          after: drawn.after + 0.1,
        });
        const cut = [
          { ...facts, occurred_at, a: Math.round((drawn.before + 0.1) * 10) / 10 },
          { ...facts, occurred_at: '2026-01-05T18:00:00Z', a: Math.round((drawn.after + 0.1) * 10) / 10 },
        ];
        const whole = await priced(document, { usage: [{ ...facts, occurred_at }] });
        same(whole.amount, (await priced(document, { usage: cut })).amount);
      }),
      { numRuns: 200 },
    ));

  const changing = fc
    .record({
      prices: fc.record({ a: anyPrice('a'), b: anyPrice('b'), c: anyPrice('c'), d: anyPrice('a') }),
      more: adjustments,
      dark: adjustments,
    })
    .map(({ prices, more, dark }): Document => ({
      facts: FACTS,
      prices,
      rules: [
        ...LINES.map((line) => charge(line)),
        charge('d', 'a', { ...evening, priority: 2 }),
        ...more,
        ...dark.map((one) => ({ ...one, ...evening, name: `dark ${String(one.name)}` })),
      ],
    }));
  /** Over midnight too, where windows end. */
  const long = fc
    .record({ before: tenths(40), after: tenths(200), b: tenths(120), c: tenths(120) })
    .map((drawn) => inputOf({ facts: factsOf(drawn) }));

  it('has lines that add up, comes out again from what it has read, and is taken back by the exact negative', () => {
    fc.assert(
      fc.property(changing, fc.array(long, { minLength: 1, maxLength: 3 }), (document, inputs) => {
        const strategy = strategyFrom(document);
        const { match } = compiledEngine(strategy);
        const store: Kept = new Map();
        const { record, reverse } = recorderOf(strategy, store);
        inputs.slice(1).forEach(record);
        const before = standing(store);
        const [input] = inputs;
        assert.ok(input);
        const recorded = record(input);
        const { evaluation, moves, before: read } = recorded.rated;
        same(evaluation.amount, sum(evaluation.lines.map(({ net }) => net)));

        const alone = { index: 0, totals: restoreTotals(strategy, byWindow(read)) };
        const again = answerNow(match, rateUse(strategy, input, alone));
        assert.deepEqual(again.evaluation.lines, evaluation.lines);
        assert.deepEqual(again.evaluation.discounts, evaluation.discounts);
        assert.deepEqual(again.before, read);
        assert.deepEqual(countedBy(again.moves), countedBy(moves));

        const back = reverse(recorded).evaluation;
        same(back.amount, negate(evaluation.amount));
        assert.deepEqual(
          back.lines.map(({ line, net }) => [line, formatDecimal(net)]),
          evaluation.lines.map(({ line, net }) => [line, formatDecimal(negate(net))]),
        );
        assert.deepEqual(standing(store), before);
        assert.ok(restored(strategy, store));
      }),
      { numRuns: 300 },
    );
  });
});
