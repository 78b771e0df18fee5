import fc from 'fast-check';
import { type Document, charge, rule } from '../quote/priced.js';

export const cents = (max: number) => fc.integer({ min: 0, max }).map((value) => value / 100);
export const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

/** A price of any model that prices a running total, as a document writes it; JSON leaves out what is undefined. */
export const price = (quantity: string): fc.Arbitrary<Document> =>
  fc
    .record({
      model: fc.constantFrom('per_unit', 'graduated', 'volume', 'package', 'flat'),
      unit_price: cents(2000),
      per: fc.constantFrom(1, 3, 7, 1000),
      width: fc.integer({ min: 1, max: 12 }),
      second: cents(2000),
      flat: some(cents(500)),
      free: some(fc.integer({ min: 0, max: 8 })),
      maximum: some(cents(5000)),
    })
    .map(({ model, unit_price, per, width, second, flat, free, maximum }) => {
      const tiers = [
        { up_to: width, unit_price, per, flat },
        { unit_price: second, per },
      ];
      if (model === 'flat') return { model, amount: unit_price, maximum };
      const own = {
        per_unit: { unit_price, per },
        package: { size: width, price: unit_price },
        graduated: { tiers },
        volume: { tiers },
      }[model];
      return { model, quantity, ...own, free, maximum };
    });

export const LINES = ['a', 'b', 'c'];
export const adjustments: fc.Arbitrary<readonly Document[]> = fc
  .array(
    fc.record({
      by: fc.constantFrom('percent', 'amount', 'free_quantity', 'surcharge'),
      number: fc.integer({ min: 0, max: 100 }),
      of: some(fc.uniqueArray(fc.constantFrom(...LINES), { minLength: 1 })),
      exclusive: fc.boolean(),
      priority: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 5 },
  )
  .map((drawn) =>
    drawn.map(({ by, number, of, exclusive, priority }, i) =>
      by === 'surcharge'
        ? rule(`surcharge ${i}`, 'surcharge', { percent: number, of }, { priority })
        : rule(
            `discount ${i}`,
            'discount',
            { [by]: number, of, ...(exclusive && { exclusive }) },
            { priority },
          ),
    ),
  );

export const FACTS = Object.fromEntries(LINES.map((line) => [line, { type: 'decimal', default: 0 }]));
export const documents: fc.Arbitrary<Document> = fc
  .record({ a: price('a'), b: price('b'), c: price('c'), more: adjustments })
  .map(({ more, ...prices }) => ({
    facts: FACTS,
    prices,
    rules: [...LINES.map((line) => charge(line)), ...more],
  }));
