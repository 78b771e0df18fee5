import assert from 'node:assert/strict';
import { RatebookError } from '../../src/errors/error.js';
import { type Decimal, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Model, Operand, Price } from '../../src/pricing/price.js';
import { resolvePrice } from '../../src/pricing/resolve.js';
import { priceOf } from './build.js';

const n = (value: string | number): Operand => ({ kind: 'number', value: decimal(value) });
const fact = (name: string): Operand => ({ kind: 'fact', fact: name });
const plain = { flat: n(0), per: n(1) };

function operands(model: Model<Operand>, more: Partial<Price<Operand>> = {}): Price<Operand> {
  const { id, groupBy, resets, counter, negative, recurring } = priceOf({
    kind: 'dynamic',
    multiplier: decimal(1),
  });
  return { id, groupBy, resets, counter, negative, recurring, model, quantity: fact('used'), ...more };
}

const values: Readonly<Record<string, string>> = {
  used: '5',
  rate: '0.5',
  below: '-1',
  nothing: '0',
  bound: '100',
};
const read = (name: string): Decimal => decimal(values[name] ?? assert.fail(`unexpected fact ${name}`));
const perUnit = (unitPrice: Operand, per: Operand) => ({ kind: 'per_unit', unitPrice, per }) as const;

describe('pricing/resolve', () => {
  it('puts the values of facts in their places', () => {
    const price = operands(perUnit(fact('rate'), n(3)), { free: { quantity: fact('bound') } });
    const resolved = resolvePrice(price, read);
    assert.deepEqual(resolved.model, { kind: 'per_unit', unitPrice: decimal('0.5'), per: decimal(3) });
    assert.equal(formatDecimal(resolved.quantity), '5');
    assert.equal(formatDecimal(resolved.free!.quantity), '100');
  });

  const refused: readonly (readonly [string, Price<Operand>, readonly string[]])[] = [
    [
      'a price below 0 from a fact',
      operands(perUnit(fact('below'), n(1))),
      ['unit_price: -1, the value of the fact below, is below 0; a price that may be needs `negative: true`'],
    ],
    [
      'every number at once',
      operands(perUnit(n(-1), fact('nothing')), { free: { quantity: n(-2) }, maximum: { amount: n(-3) } }),
      [
        'unit_price: -1 is below 0; a price that may be needs `negative: true`',
        'per: 0, the value of the fact nothing, is not above 0',
        'free: -2 is below 0; it must be 0 or more',
        'maximum: -3 is below 0; a price that may be needs `negative: true`',
      ],
    ],
    [
      'tiers that do not ascend',
      operands({
        kind: 'graduated',
        tiers: [
          { ...plain, upTo: n(200), unitPrice: n(1) },
          { ...plain, upTo: fact('bound'), unitPrice: n(1) },
          { ...plain, unitPrice: n(1) },
        ],
      }),
      ['tiers[1].up_to: 100 is not above 200, the bound of the tier before'],
    ],
    [
      'a bound given twice and a block of nothing',
      operands({
        kind: 'volume',
        tiers: [
          { ...plain, upTo: n(100), unitPrice: n(1), block: fact('nothing') },
          { ...plain, upTo: fact('bound'), unitPrice: n(1) },
          { ...plain, unitPrice: n(1) },
        ],
      }),
      [
        'tiers[0].block: 0, the value of the fact nothing, is not above 0',
        'tiers[1].up_to: 100 is not above 100, the bound of the tier before',
      ],
    ],
    [
      'a block that does not fill its tier',
      operands({
        kind: 'graduated',
        tiers: [
          { ...plain, upTo: fact('bound'), unitPrice: n(1), block: n(30) },
          { ...plain, unitPrice: n(1), block: n(7) },
        ],
      }),
      ["tiers[0].block: the tier's 100 units are no multiple of its block of 30"],
    ],
    [
      'a package of nothing',
      operands({ kind: 'package', size: fact('nothing'), price: n(1), partial: 'up' }),
      ['size: 0, the value of the fact nothing, is not above 0'],
    ],
    [
      'a percentage below 0',
      operands({ kind: 'volume_percentage', tiers: [{ percent: n(-1), flat: n(0) }] }),
      ['tiers[0].percent: -1 is below 0; a price that may be needs `negative: true`'],
    ],
    [
      'rounding to multiples of nothing',
      operands(perUnit(n(1), n(1)), { roundRating: { to: n(0), mode: 'up' } }),
      ['round_rating.to: 0 is not above 0'],
    ],
  ];
  for (const [what, price, expected] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => resolvePrice(price, read),
        (error) => {
          assert.ok(error instanceof RatebookError);
          assert.equal(error.reason, 'INVALID_FACTS');
          const found = error.violations.map(({ field, description }) => `${field}: ${description}`);
          assert.deepEqual(
            found,
            expected.map((line) => `prices.test.${line}`),
          );
          return true;
        },
      );
    });
  }

  it('takes a price below 0 that says so', () => {
    assert.doesNotThrow(() => resolvePrice(operands(perUnit(n(-1), n(1)), { negative: true }), read));
  });

  it('takes a volume tier whose bound is no multiple of its block', () => {
    const tiers = [
      { ...plain, upTo: n(100), unitPrice: n(1), block: n(30) },
      { ...plain, unitPrice: n(1) },
    ];
    assert.doesNotThrow(() => resolvePrice(operands({ kind: 'volume', tiers }), read));
  });
});
