import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/money/decimal.js';
import { type Document, charge, rule, strategyFrom, when } from '../quote/priced.js';

const document: Document = {
  facts: {
    n: { type: 'decimal', billable: true },
    m: { type: 'decimal', default: 2 },
    team: { type: 'string', optional: true },
  },
  derive: { both: { sum: ['n', 'm'] }, twice: { product: ['both', 2] } },
  lookups: { zone: { by: ['team'], type: 'string', rows: [['x', 'north']] } },
  prices: {
    one: { model: 'per_unit', quantity: 'twice', unit_price: 3 },
    two: { model: 'per_unit', quantity: 'n', unit_price: { fact: 'm' }, counter: 'shared' },
    three: { model: 'flat', amount: 1, group_by: ['zone'] },
  },
  rules: [
    charge('two', 'second'),
    charge('one', 'first', when('used.three', 'lessThan', 5)),
    charge('three', 'third', when('used.one.events', 'lessThan', 5)),
    rule('late', 'discount', { percent: 1 }, when('local_hour', 'greaterThan', 20)),
    { ...rule('cut', 'surcharge', { percent: 1, line: 'cut' }), moment: 'period' },
  ],
};

describe('what is prepared for every quote', () => {
  const { prepared } = strategyFrom(document);
  const price = (id: string) => prepared.prices.get(id);

  it('a price whose numbers are all written out, whatever it counts', () => {
    const { model } = price('one')?.constant ?? {};
    assert.equal(model?.kind === 'per_unit' && formatDecimal(model.unitPrice), '3');
    assert.equal(price('two')?.constant, undefined);
  });
  it('the facts that a price charges for, through all that is derived', () => {
    assert.deepEqual(price('one')?.charges, new Set(['twice', 'both', 'n', 'm']));
    assert.deepEqual(price('two')?.charges, new Set(['n', 'm']));
  });
  it('what given facts lack', () => {
    assert.deepEqual([...prepared.defaults.keys()], ['m']);
    assert.deepEqual([prepared.optional, prepared.billable], [['team'], ['n']]);
  });
  it('the order of the lines', () => {
    assert.deepEqual([...prepared.places.keys()].slice(0, 3), ['second', 'first', 'third']);
  });
  it('what callers call a counter', () => {
    assert.equal(prepared.counters.get('two'), 'shared');
    assert.equal(prepared.counters.get('two.events'), 'shared.events');
    assert.equal(prepared.counters.get('shared'), 'shared');
    assert.equal(prepared.counters.get('two.charged'), 'two.charged');
  });
  it('what a moment reads of the clock, of the totals and of what is computed', () => {
    const { local, used, usedAfterComputed, computed } = prepared.moments.usage;
    assert.deepEqual(local, ['local_hour']);
    assert.deepEqual(used.map(({ units, events }) => units ?? events).sort(), [
      'used.one.events',
      'used.three',
    ]);
    assert.deepEqual(
      usedAfterComputed.map(({ units }) => units),
      ['used.three'],
    );
    assert.deepEqual(computed.map(({ name }) => name).sort(), ['both', 'twice', 'zone']);
    assert.deepEqual(prepared.moments.purchase.local, []);
  });
});
