import assert from 'node:assert/strict';
import { type Document, charge, priced, refusalOf, rule, shown } from './priced.js';

const withRules = (...rules: readonly Document[]): Document => ({
  facts: { a: { type: 'decimal' }, rate: { type: 'decimal', default: 0 } },
  prices: {
    a: { model: 'per_unit', quantity: 'a', unit_price: 1 },
    b: { model: 'flat', amount: 100 },
    level: { model: 'per_unit', quantity: 'a', unit_price: 3, aggregate: 'max' },
  },
  rules: [charge('a'), charge('b'), ...rules],
});
const surcharge = (name: string, params: Document, rest: Document = {}) =>
  rule(name, 'surcharge', params, rest);
const off = (percent: number, params: Document = {}) => rule('off', 'discount', { percent, ...params });

describe('quote: surcharges', () => {
  for (const [name, rules, expected] of [
    ['percent of all that was charged', [surcharge('fuel', { percent: 10 })], '121: a 10, b 100, fuel 11'],
    [
      'of what discounts have left',
      [surcharge('fuel', { percent: 10 }), off(50)],
      '60.5: a 5, b 50, fuel 5.5 | -55 off',
    ],
    ['of the lines named', [surcharge('fuel', { percent: 10, of: ['a'] })], '111: a 10, b 100, fuel 1'],
    ['an amount', [surcharge('fuel', { amount: 3 })], '113: a 10, b 100, fuel 3'],
    [
      'an amount whose lines are not there',
      [surcharge('fuel', { amount: 3, of: ['level'] })],
      '110: a 10, b 100',
    ],
    [
      'its line is `line`, else the label, else its name',
      [
        surcharge('x', { amount: 1, line: 'l', label: 'L' }),
        surcharge('y', { amount: 2, label: 'M' }),
        surcharge('z', { amount: 3 }),
      ],
      '116: a 10, b 100, l 1, M 2, z 3',
    ],
    [
      'all see the same charges',
      [surcharge('x', { percent: 10 }), surcharge('y', { percent: 10 })],
      '132: a 10, b 100, x 11, y 11',
    ],
    [
      'by name, one on an earlier one',
      [surcharge('x', { percent: 10 }), surcharge('y', { percent: 10, of: ['x'] })],
      '122.1: a 10, b 100, x 11, y 1.1',
    ],
    [
      'by priority',
      [surcharge('y', { percent: 10, of: ['x'] }), surcharge('x', { percent: 10 }, { priority: 2 })],
      '122.1: a 10, b 100, y 1.1, x 11',
    ],
    [
      'a discount does not reach a surcharge',
      [surcharge('x', { amount: 10 }), off(10, { of: ['x'] })],
      '120: a 10, b 100, x 10',
    ],
    [
      'a measured line has no amount to be surcharged',
      [charge('level'), surcharge('x', { percent: 10, of: ['level'] })],
      '110: a 10, b 100, level ?',
    ],
  ] as const) {
    it(name, async () => {
      if (name.startsWith('an amount whose')) {
        // `level` is a line of the document only where a rule charges it.
        const never = { conditions: { all: [{ fact: 'a', operator: 'lessThan', value: 0 }] } };
        const document = withRules(charge('level', 'level', never), ...rules);
        assert.equal(shown(await priced(document, { facts: { a: 10 } })), expected);
        return;
      }
      assert.equal(shown(await priced(withRules(...rules), { facts: { a: 10 } })), expected);
    });
  }

  it('refused: a number below 0 from a fact', async () => {
    const document = withRules(surcharge('fuel', { percent: { fact: 'rate' } }));
    assert.equal(
      await refusalOf(document, { facts: { a: 10, rate: -5 } }),
      'INVALID_FACTS rules.fuel: the surcharge came out as -5; it must be 0 or more',
    );
  });
});
