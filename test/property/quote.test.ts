import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minus, plus, sum } from '../../src/money/arithmetic.js';
import { atLeast, atMost } from '../../src/money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal, isNegative } from '../../src/money/decimal.js';
import { round } from '../../src/money/rounding.js';
import { resolvePrice } from '../../src/pricing/resolve.js';
import { total } from '../../src/pricing/total.js';
import type { Quote } from '../../src/quote/quote.js';
import { type Asked, type Document, charge, explained, priced, rule, strategyFrom } from '../quote/priced.js';
import { FACTS, LINES, adjustments, documents, price, some } from './quote-documents.js';

const same = (a: Decimal, b: Decimal) => {
  assert.equal(formatDecimal(a), formatDecimal(b));
};

const quantity = fc.integer({ min: 0, max: 200 }).map((tenths) => tenths / 10);
const uses = fc.array(fc.record({ a: quantity, b: quantity, c: quantity }), { minLength: 1, maxLength: 5 });

const textOf = (answer: Quote) =>
  JSON.stringify(
    answer.evaluations.map(({ amount, total: all, lines, discounts }) => ({
      amount,
      all,
      lines,
      discounts: discounts.map((one) => ({ ...one, lines: [...one.lines] })),
    })),
  );

describe('property: quote', () => {
  it('lines less discounts are the amount, and a discount brings a line nearer to zero, never past it', () =>
    fc.assert(
      fc.asyncProperty(documents, uses, async (document, usage) => {
        const answer = await priced(document, { usage });
        for (const { amount, lines, discounts } of answer.evaluations) {
          same(amount, minus(sum(lines.map((line) => line.amount)), sum(discounts.map((one) => one.amount))));
          same(amount, sum(lines.map(({ net }) => net)));
          for (const one of discounts) same(one.amount, sum(one.lines.values()));
          for (const { line, amount: gross, net } of lines) {
            const losses = discounts.map((one) => one.lines.get(line) ?? ZERO);
            same(net, minus(gross, sum(losses)));
            assert.ok(
              isNegative(gross)
                ? atLeast(net, gross) && atMost(net, ZERO)
                : atMost(net, gross) && atLeast(net, ZERO),
            );
          }
        }
        same(answer.amount, sum(answer.evaluations.map(({ amount }) => amount)));
      }),
      { numRuns: 300 },
    ));

  const sequences = fc.array(quantity, { minLength: 1, maxLength: 6 }).chain((quantities) =>
    fc.record({
      quantities: fc.constant(quantities),
      order: fc.shuffledSubarray([...quantities.keys()], { minLength: quantities.length }),
      cut: fc.nat({ max: quantities.length }),
    }),
  );
  const only = (own: Document): Document => ({ facts: FACTS, prices: { a: own }, rules: [charge('a')] });

  it('in any order and any split into batches the amounts add up to P(total)', () =>
    fc.assert(
      fc.asyncProperty(price('a'), sequences, async (own, { quantities, order, cut }) => {
        const strategy = strategyFrom(only(own));
        const shuffled = order.map((i) => ({ a: quantities[i] ?? 0 }));
        const counted = own.model === 'flat' ? shuffled.map(() => 1) : shuffled.map(({ a }) => a);
        const used = (before: readonly number[]) => ({
          a: formatDecimal(sum(before.map((one) => decimal(one)))),
          'a.events': before.length,
        });
        const batches = [shuffled.slice(0, cut), shuffled.slice(cut)];
        const befores = [[], counted.slice(0, cut)];
        const amounts = await Promise.all(
          batches.map(async (usage, i) =>
            usage.length === 0
              ? ZERO
              : (await priced(strategy, { usage, used: used(befores[i] ?? []) })).amount,
          ),
        );
        const plan = strategy.prices.get('a');
        assert.ok(plan);
        const all = sum(counted.map((one) => decimal(one)));
        same(
          sum(amounts),
          total(
            resolvePrice(plan, () => ZERO),
            all,
          ),
        );
      }),
      { numRuns: 500 },
    ));

  it('quoting with what was used is quoting the sequence', () =>
    fc.assert(
      fc.asyncProperty(documents, uses, uses, async (document, before, after) => {
        const strategy = strategyFrom(document);
        const whole = await priced(strategy, { usage: [...before, ...after] });
        const prices = document.prices as Record<string, Document>;
        const used = Object.fromEntries(
          LINES.flatMap((line) => {
            const counted = before.map((one) => (prices[line]?.model === 'flat' ? 1 : one[line as 'a']));
            return [
              [line, formatDecimal(sum(counted.map((one) => decimal(one))))],
              [`${line}.events`, String(before.length)],
            ];
          }),
        );
        const rest = await priced(strategy, { usage: after, used });
        assert.equal(textOf(rest), textOf({ ...whole, evaluations: whole.evaluations.slice(before.length) }));
      }),
      { numRuns: 200 },
    ));

  it('an explanation has the quote that is explained, and its steps end with the amount', () =>
    fc.assert(
      fc.asyncProperty(documents, uses, async (document, usage) => {
        const answer = await priced(document, { usage });
        const { quote, explanations } = await explained(document, { usage });
        assert.equal(textOf(quote!), textOf(answer));
        explanations.forEach(({ steps }, i) => {
          same(steps.find(({ label }) => label === 'Amount')!.value, answer.evaluations[i]!.amount);
        });
      }),
      { numRuns: 100 },
    ));

  const bills = fc.record({
    currency: fc.constantFrom(['JPY', 0] as const, ['USD', 2] as const, ['KWD', 3] as const),
    rounding: fc.constantFrom('half_up', 'half_even', 'up', 'down'),
    lines: fc.record({
      a: fc.integer({ max: 10 ** 7, min: 0 }),
      b: fc.integer({ max: 10 ** 7, min: 0 }),
      c: fc.integer({ max: 10 ** 7, min: 0 }),
    }),
    more: adjustments,
    minimum: some(fc.integer({ min: 0, max: 2000 })),
    maximum: some(fc.integer({ min: 0, max: 2000 })),
    taxes: fc.array(fc.record({ percent: fc.integer({ min: 0, max: 30 }), included: fc.boolean() }), {
      maxLength: 3,
    }),
  });

  it('the rounded lines of a bill are its amount, and with taxes its total', () =>
    fc.assert(
      fc.asyncProperty(
        bills,
        async ({ currency: [currency, places], rounding, lines, more, minimum, maximum, taxes }) => {
          const invoice = { moment: 'invoice' };
          const never = { conditions: { all: [{ fact: 'a', operator: 'lessThan', value: 0 }] } };
          const document: Document = {
            currency,
            rounding,
            facts: FACTS,
            prices: { one: { model: 'flat', amount: 1 } },
            rules: [
              ...LINES.map((line) => ({ ...charge('one', line, never), name: line })),
              ...more.map((one) => ({ ...one, ...invoice })),
              ...(minimum === undefined ? [] : [rule('minimum', 'minimum', { amount: minimum }, invoice)]),
              ...(maximum === undefined ? [] : [rule('maximum', 'maximum', { amount: maximum }, invoice)]),
              ...taxes.map((tax, i) => rule(`tax ${i}`, 'tax', { ...tax, label: `T${i}` }, invoice)),
            ],
          };
          const asked: Asked = {
            moment: 'invoice',
            facts: { occurred_at: '2026-01-31T00:00:00Z' },
            lines: Object.fromEntries(
              Object.entries(lines).map(([line, tenThousandths]) => [line, tenThousandths / 10_000]),
            ),
          };
          const [evaluation] = (await priced(document, asked)).evaluations;
          assert.ok(evaluation);
          for (const { net } of evaluation.lines) same(net, round(net, places, 'down'));
          same(evaluation.amount, sum(evaluation.lines.map(({ net }) => net)));
          const onTop = evaluation.taxes.filter(({ included }) => !included);
          same(evaluation.total, plus(evaluation.amount, sum(onTop.map(({ amount }) => amount))));
          for (const { amount } of evaluation.taxes) same(amount, round(amount, places, 'down'));
        },
      ),
      { numRuns: 200 },
    ));
});
