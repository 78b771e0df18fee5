import assert from 'node:assert/strict';
import type { Lasting } from '../../src/strategy/prepared.js';
import { type Document, charge, rule, strategyFrom, when } from '../quote/priced.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour * 60);
const document: Document = {
  facts: { s: { type: 'decimal', lasts: 'second' }, opens: { type: 'time', default: '08:00' } },
  prices: { p: { model: 'per_unit', quantity: 's', unit_price: 1, resets: 'each' } },
};
const lastingOf = (more: Document): Lasting | undefined =>
  strategyFrom({ ...document, rules: [charge('p')], ...more }).prepared.lasting;
const minutesOf = (more: Document) => lastingOf(more)?.minutes;
const chargedWhen = (fact: string, operator: string, value: unknown): Document => ({
  rules: [charge('p', 'p', when(fact, operator, value))],
});
const zoneBy = (by: string[], match: string, rows: unknown): Document => ({
  lookups: { zone: { by, match, type: 'string', rows } },
  rules: [charge('p', 'p', when('zone', 'equal', 'x'))],
});

describe('strategy: what cuts a usage that lasts', () => {
  it('is nothing where no fact lasts', () => {
    assert.equal(lastingOf({ facts: { s: { type: 'decimal' } } }), undefined);
  });

  const cases: readonly (readonly [string, Document, readonly number[]])[] = [
    ['nothing where no rule reads the clock', {}, []],
    ['every hour', chargedWhen('local_hour', 'lessThan', 9), HOURS],
    ['midnight', chargedWhen('local_weekday', 'lessThan', 6), [0]],
    ['a time, and the minute after it', chargedWhen('local_time', 'lessThan', '09:30'), [570, 571]],
    ['each of several times', chargedWhen('local_time', 'in', ['23:59', '08:00']), [0, 480, 481, 1439]],
    [
      'the bounds of a lookup',
      zoneBy(['local_time'], 'up_to', [
        ['08:00', 'x'],
        ['23:59', 'y'],
      ]),
      [0, 480, 481, 1439],
    ],
    [
      'what bills read, not',
      {
        rules: [
          charge('p'),
          rule(
            'off',
            'discount',
            { percent: 1 },
            { moment: 'invoice', ...when('local_hour', 'lessThan', 9) },
          ),
        ],
      },
      [],
    ],
  ];
  for (const [what, more, expected] of cases) {
    it(`is ${what}`, () => {
      assert.deepEqual(minutesOf(more), expected);
    });
  }

  it('is every minute where the time meets another fact, or is a group', () => {
    const price = { model: 'per_unit', quantity: 's', unit_price: 1, group_by: ['local_time'] };
    assert.equal(minutesOf(chargedWhen('local_time', 'lessThan', { fact: 'opens' }))?.length, 1440);
    assert.equal(minutesOf({ prices: { p: price } })?.length, 1440);
  });

  it('is a window that its prices count in, or whose totals its rules read', () => {
    const priceWith = (more: Document) => ({ model: 'per_unit', quantity: 's', unit_price: 1, ...more });
    assert.deepEqual(lastingOf({})?.windows, []);
    assert.deepEqual(lastingOf({ prices: { p: priceWith({}) } })?.windows, ['month']);
    const free = { quantity: 1, per: 'week', counter: 'c' };
    assert.deepEqual(lastingOf({ prices: { p: priceWith({ resets: 'never', free }) } })?.windows, ['week']);
    const prices = { p: priceWith({ resets: 'each' }), q: priceWith({ resets: 'day' }) };
    assert.deepEqual(
      lastingOf({ prices, rules: [charge('p', 'p', when('used.q', 'lessThan', 1))] })?.windows,
      ['day'],
    );
  });
});
