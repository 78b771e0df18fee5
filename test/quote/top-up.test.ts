import assert from 'node:assert/strict';
import { type Asked, type Document, charge, priced, refusalOf, rule, shown } from './priced.js';

const document = (price: Document, more: Document = {}): Document => ({
  facts: { calls: { type: 'integer', default: 0 }, 'subscription.seats': { type: 'integer', default: 0 } },
  prices: { call: { model: 'per_unit', quantity: 'calls', unit_price: 0.1, minimum: 5, ...price } },
  rules: [charge('call')],
  ...more,
});
const seats = (price: Document = {}): Document =>
  document(
    { quantity: 'subscription.seats', unit_price: 10, minimum: 60, ...price },
    { rules: [charge('call', 'seats', { moment: 'period' })] },
  );
const at = '2026-04-10T00:00:00Z';
const closing = (totals: Asked['totals'], facts: Asked['facts'] = {}): Asked => ({
  moment: 'period',
  facts: { occurred_at: at, ...facts },
  totals,
});
const call = (calls: number): Asked => ({ facts: { calls, occurred_at: at } });

const TENTH_OFF = { rules: [charge('call'), rule('tenth', 'discount', { percent: 10 })] };

const CASES: readonly (readonly [name: string, document: Document, asked: Asked, expected: string])[] = [
  ['30 calls came to 3.00, so 2.00 are due', document({}), closing({ call: 30 }), '2: call 2'],
  ['50 calls came to 5.00', document({}), closing({ call: 50 }), '0: '],
  ['60 to more', document({}), closing({ call: 60 }), '0: '],
  ['a use of a longer window is not topped up', document({}), call(30), '3: call 3'],
  ['each use of a window of its own is', document({ resets: 'each' }), call(30), '5: call 3, call 2'],
  ['and not where it costs enough', document({ resets: 'each' }), call(51), '5.1: call 5.1'],
  ['nor where nothing was used', document({ resets: 'each' }), call(0), '0: call 0'],
  [
    'without the discount of the use',
    document({ resets: 'each' }, TENTH_OFF),
    call(30),
    '4.7: call 2.7, call 2 | -0.3 tenth',
  ],
  [
    'what the period itself charges',
    seats(),
    closing({}, { 'subscription.seats': 4 }),
    '60: seats 40, seats 20',
  ],
  ['not for no seats', seats(), closing({}, { 'subscription.seats': 0 }), '0: seats 0'],
  [
    'in part for a part of the period: (40 + 20) ÷ 3',
    seats(),
    { ...closing({}, { 'subscription.seats': 4 }), service: ['2026-04-21T00:00:00Z', undefined] },
    '20: seats 13.333333333333333333, seats 6.666666666666666667',
  ],
  ['what is measured', document({ aggregate: 'max' }), closing({ call: 30 }), '5: call 3, call 2'],
];

describe('quote: minimums of prices', () => {
  for (const [name, strategy, asked, expected] of CASES) {
    it(name, async () => {
      assert.equal(shown(await priced(strategy, asked)), expected);
    });
  }

  it('no usage in the window, nothing to top up', async () => {
    assert.match(await refusalOf(document({}), closing({})), /^NO_PRICE /);
  });
});
