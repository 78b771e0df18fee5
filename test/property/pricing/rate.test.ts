import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minus, negate, plus, sum, times } from '../../../src/money/arithmetic.js';
import { greaterThan, least } from '../../../src/money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal, unitOf } from '../../../src/money/decimal.js';
import type { Bounds, Price, Running } from '../../../src/pricing/price.js';
import { type Rated, cancel, countedUsage, rate } from '../../../src/pricing/rate.js';
import { explainRating } from '../../../src/pricing/steps.js';
import { total } from '../../../src/pricing/total.js';
import { UNUSED, priceOf } from '../../pricing/build.js';
import { percentages, prices, quantities, withOwnCounters } from './arbitrary.js';
import * as slow from './reference.js';
import { type Ratio, isMore, ratio, ratioOf, textOf } from './reference.js';

const same = (a: Decimal, b: Decimal) => {
  assert.equal(formatDecimal(a), formatDecimal(b));
};

/** Rates usages one after the other, the counters of the bounds moving as they say. */
function rateAll(
  price: Price<Decimal>,
  usages: readonly number[],
): { rated: Rated[]; after: Running; bounds: Bounds } {
  let [after, bounds]: [Running, Required<Bounds>] = [UNUSED, NO_BOUNDS];
  const rated = usages.map((usage) => {
    const one = rate(price, after, decimal(usage), bounds);
    [after, bounds] = [one.after, move(bounds, one)];
    return one;
  });
  return { rated, after, bounds };
}

const NO_BOUNDS = { freeUsed: ZERO, freedBefore: ZERO, maximumUsed: ZERO, chargedBefore: ZERO };

function move(bounds: Required<Bounds>, { freed, charged }: Rated): Required<Bounds> {
  return {
    freeUsed: plus(bounds.freeUsed, freed),
    freedBefore: plus(bounds.freedBefore, freed),
    maximumUsed: plus(bounds.maximumUsed, charged),
    chargedBefore: plus(bounds.chargedBefore, charged),
  };
}

describe('property: pricing/rate', () => {
  it('ratings add up to P(total), exactly, however the usage is split', () => {
    fc.assert(
      fc.property(prices, quantities, (price, usages) => {
        const { rated, after } = rateAll(price, usages);
        same(sum(rated.map(({ amount }) => amount)), total(price, after.quantity));
      }),
      { numRuns: 1000 },
    );
  });

  it('one rating is P(t + q) − P(t), for fractions and for less than nothing too', () => {
    const tenths = (min: number) =>
      fc.integer({ min, max: 300 }).map((value) => times(decimal(value), unitOf(1)));
    fc.assert(
      fc.property(prices, tenths(0), tenths(-300), (price, t, q) => {
        const before = { quantity: t, events: decimal(1) };
        same(rate(price, before, q).amount, minus(total(price, plus(t, q)), total(price, t)));
      }),
      { numRuns: 1000 },
    );
  });

  it('shares add up to the amount, and the last explained step is it', () => {
    fc.assert(
      fc.property(prices, quantities, fc.integer({ min: 0, max: 30 }), (price, usages, last) => {
        const before = rateAll(price, usages).after;
        const rated = rate(price, before, decimal(last));
        same(sum(rated.shares.map(({ amount }) => amount)), rated.amount);
        const rounded: Price<Decimal> = { ...price, roundRating: { to: decimal('0.05'), mode: 'half_up' } };
        for (const one of [price, rounded]) {
          const steps = explainRating(one, before, decimal(last));
          same(steps.at(-1)!.value, rate(one, before, decimal(last)).amount);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('bounds with counters of their own rate alike when nobody shares them', () => {
    const usages = fc.array(fc.integer({ min: -20, max: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(prices, usages, fc.boolean(), (price, drawn, negative) => {
        const short = { ...price, negative };
        const long = rateAll(withOwnCounters(short), drawn);
        const amounts = rateAll(short, drawn).rated.map(({ amount }) => formatDecimal(amount));
        assert.deepEqual(
          long.rated.map(({ amount }) => formatDecimal(amount)),
          amounts,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('a usage taken back costs what it cost, and all counters stand where they stood', () => {
    fc.assert(
      fc.property(
        prices,
        quantities,
        fc.integer({ min: 0, max: 30 }),
        fc.boolean(),
        (drawn, usages, last, own) => {
          const price = own ? withOwnCounters(drawn) : drawn;
          const before = rateAll(price, usages);
          const rated = rate(price, before.after, decimal(last), before.bounds);
          const after = move({ ...NO_BOUNDS, ...before.bounds }, rated);
          const counted = { quantity: countedUsage(price, decimal(last)), events: decimal(1) };
          const back = cancel(price, rated.after, counted, after);
          same(back.amount, negate(rated.amount));
          same(back.after.quantity, before.after.quantity);
          same(back.after.events, before.after.events);
          const restored = move(after, back);
          for (const key of ['freeUsed', 'freedBefore', 'maximumUsed', 'chargedBefore'] as const) {
            same(restored[key], before.bounds[key] ?? ZERO);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('two prices that share a free quantity get it once', () => {
    const turns = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { maxLength: 8 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 0, max: 50 }), (usages, quantity) => {
        const own = { per: 'month', counter: 'both' } as const;
        const price = priceOf(
          { kind: 'per_unit', unitPrice: decimal(1), per: decimal(1) },
          { free: { quantity: decimal(quantity), own } },
        );
        const states = { true: [UNUSED, ZERO], false: [UNUSED, ZERO] } as Record<string, [Running, Decimal]>;
        let [freeUsed, charged] = [ZERO, ZERO];
        for (const [first, usage] of usages) {
          const [before, freedBefore] = states[String(first)]!;
          const rated = rate(price, before, decimal(usage), { freeUsed, freedBefore });
          states[String(first)] = [rated.after, plus(freedBefore, rated.freed)];
          [freeUsed, charged] = [plus(freeUsed, rated.freed), plus(charged, rated.amount)];
        }
        const used = decimal(usages.reduce((n, [, usage]) => n + usage, 0));
        same(freeUsed, least(used, decimal(quantity)));
        same(charged, minus(used, freeUsed));
      }),
    );
  });

  it('two prices that share a maximum never cost more together', () => {
    const turns = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { maxLength: 8 });
    fc.assert(
      fc.property(prices, prices, turns, fc.integer({ min: 0, max: 100 }), (one, other, usages, limit) => {
        fc.pre(![one, other].some(({ model }) => model.kind.startsWith('volume')));
        const own = { per: 'month', counter: 'both' } as const;
        const maximum = { amount: decimal(limit), own };
        const states = { true: [one, UNUSED, ZERO], false: [other, UNUSED, ZERO] } as Record<
          string,
          [Price<Decimal>, Running, Decimal]
        >;
        let [maximumUsed, uncapped] = [ZERO, ZERO];
        for (const [first, usage] of usages) {
          const [drawn, before, chargedBefore] = states[String(first)]!;
          const price = { ...drawn, maximum };
          const rated = rate(price, before, decimal(usage), { maximumUsed, chargedBefore });
          uncapped = plus(uncapped, rate({ ...drawn, maximum: undefined }, before, decimal(usage)).amount);
          states[String(first)] = [drawn, rated.after, plus(chargedBefore, rated.charged)];
          maximumUsed = plus(maximumUsed, rated.charged);
        }
        same(maximumUsed, least(uncapped, decimal(limit)));
      }),
    );
  });

  it('percentages price event by event as plain fractions do', () => {
    const events = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(percentages, events, (model, drawn) => {
        let earlier = 0;
        const expected = drawn.map((amount, i) => {
          const isFree =
            (model.freeEvents !== undefined || model.freeAmount !== undefined) &&
            (model.freeEvents === undefined || greaterThan(model.freeEvents, decimal(i))) &&
            (model.freeAmount === undefined || greaterThan(model.freeAmount, decimal(earlier)));
          earlier += amount;
          let paying: Ratio | undefined = ratio(BigInt(amount));
          if (isFree) {
            const past = slow.minus(ratio(BigInt(earlier)), ratioOf(model.freeAmount ?? decimal(earlier)));
            paying = past.n > 0n ? past : undefined;
          }
          if (paying === undefined) return '0';
          let cost = slow.plus(
            slow.times(paying, slow.times(ratioOf(model.percent), ratio(1n, 100n))),
            ratioOf(model.fixed),
          );
          if (model.minimum !== undefined && isMore(ratioOf(model.minimum), cost))
            cost = ratioOf(model.minimum);
          if (model.maximum !== undefined && isMore(cost, ratioOf(model.maximum)))
            cost = ratioOf(model.maximum);
          return textOf(cost);
        });
        assert.deepEqual(
          rateAll(priceOf(model), drawn).rated.map(({ amount }) => formatDecimal(amount)),
          expected,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('a maximum of a percentage holds all events together, in both forms', () => {
    fc.assert(
      fc.property(percentages, quantities, fc.integer({ min: 0, max: 60 }), (model, drawn, limit) => {
        const short = priceOf(model, { maximum: { amount: decimal(limit) } });
        const all = sum(rateAll(priceOf(model), drawn).rated.map(({ amount }) => amount));
        for (const price of [short, withOwnCounters(short)]) {
          same(sum(rateAll(price, drawn).rated.map(({ amount }) => amount)), least(all, decimal(limit)));
        }
      }),
    );
  });
});
