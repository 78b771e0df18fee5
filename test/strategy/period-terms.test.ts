import assert from 'node:assert/strict';
import { mayChange, nextStart, periodTermsOf, termChanges } from '../../src/strategy/period-terms.js';
import { pathText } from '../../src/strategy/source/place.js';
import { formatLocalInstant } from '../../src/time/local-instant.js';
import { type Document, charge, strategyFrom } from '../quote/priced.js';
import { at } from '../services/catalog/catalog.js';

const facts = { units: { type: 'decimal', min: 0 }, region: { type: 'string', default: 'eu' } };
const unit = { model: 'per_unit', quantity: 'units', unit_price: 1 };
const seat = { model: 'flat', amount: 10 };
const rules = [charge('unit', 'unit'), charge('seat', 'seat', { moment: 'period' })];

/** Two prices: one of uses, and one that falls due with each period. */
const terms = (uses: Document = {}, due: Document = {}, more: Document = {}) =>
  periodTermsOf(
    strategyFrom({
      facts,
      prices: { unit: { ...unit, ...uses }, seat: { ...seat, ...due } },
      rules,
      ...more,
    }),
  );

const changes = (from: ReturnType<typeof terms>, to: ReturnType<typeof terms>) =>
  termChanges(from, to).map((change) => `${pathText(change.path)}: ${change.from} > ${change.to}`);

describe('strategy/period-terms: what has changed', () => {
  const plain = terms();
  for (const [what, from, to, expected] of [
    ['nothing', plain, plain, []],
    ['an amount', plain, terms({ unit_price: 2 }, { amount: 20 }), []],
    ['the zone', plain, terms({}, {}, { time_zone: 'Asia/Shanghai' }), ['time_zone: UTC > Asia/Shanghai']],
    [
      'the period, and with it those of prices',
      plain,
      terms({}, {}, { period: 'year' }),
      ['period: month > year', 'prices.seat.period: month > year'],
    ],
    ['the currency', plain, terms({}, {}, { currency: 'EUR' }), ['currency: USD > EUR']],
    ['the window', plain, terms({ resets: 'day' }), ['prices.unit.resets: period > day']],
    ['the window, written out', plain, terms({ resets: 'month' }), []],
    ['the group', plain, terms({ group_by: ['region'] }), ['prices.unit.group_by: no fact > region']],
    ['the counter', plain, terms({ counter: 'all' }), ['prices.unit.counter: one of its own > all']],
    ['the aggregate', plain, terms({ aggregate: 'max' }), ['prices.unit.aggregate: sum > max']],
    [
      'the bucket',
      terms({ aggregate: 'max', bucket: 'hour', over: 'sum' }),
      terms({ aggregate: 'max', bucket: 'day', over: 'max' }),
      ['prices.unit.bucket: hour > day', 'prices.unit.over: sum > max'],
    ],
    [
      'free units that were not there',
      plain,
      terms({ free: { quantity: 5, per: 'year', counter: 'f' } }),
      [],
    ],
    [
      'the counter of free units',
      terms({ free: 5 }),
      terms({ free: { quantity: 5, per: 'year', counter: 'f' } }),
      ["prices.unit.free: the price's running total > the counter f per year"],
    ],
    ['when it is charged', plain, terms({}, { bill: 'arrears' }), ['prices.seat.bill: advance > arrears']],
    [
      'by whose periods',
      plain,
      terms({}, { anchor: 'subscription' }),
      ['prices.seat.anchor: calendar > subscription'],
    ],
    ['by which periods', plain, terms({}, { period: 'year' }), ['prices.seat.period: month > year']],
    ['how it is prorated', plain, terms({}, { prorate: 'none' }), []],
    [
      'all at once',
      plain,
      terms({ resets: 'never' }, { bill: 'arrears' }, { time_zone: 'Europe/Berlin' }),
      [
        'time_zone: UTC > Europe/Berlin',
        'prices.unit.resets: period > never',
        'prices.seat.bill: advance > arrears',
      ],
    ],
  ] as const)
    it(what, () => {
      assert.deepEqual(changes(from, to), expected);
      // Back again, it is the same change the other way round.
      assert.equal(changes(to, from).length, expected.length);
    });

  it('a price that comes or goes', () => {
    const one = periodTermsOf(strategyFrom({ facts, prices: { unit }, rules: rules.slice(0, 1) }));
    assert.deepEqual([changes(plain, one), changes(one, plain)], [[], []]);
  });

  it('a price under another name that goes on with the counter', () => {
    const counting = (id: string, more: Document = {}) =>
      periodTermsOf(strategyFrom({ facts, prices: { [id]: { ...unit, ...more } }, rules: [charge(id, id)] }));
    const pool = { counter: 'pool' };
    for (const [from, to, expected] of [
      [counting('old', pool), counting('new', pool), []],
      [counting('old', pool), counting('new', { resets: 'day' }), []],
      [counting('old', pool), counting('new', { ...pool, aggregate: 'max' }), []],
      [
        counting('old', pool),
        counting('new', { ...pool, resets: 'day' }),
        ['prices.new.resets: period > day'],
      ],
      [
        counting('old'),
        counting('new', { counter: 'old', group_by: ['region'] }),
        ['prices.new.group_by: no fact > region'],
      ],
    ] as const)
      assert.deepEqual(changes(from, to), expected);
  });
});

describe('strategy/period-terms: where it may change', () => {
  const own = { anchor: 'subscription' };
  for (const [what, from, to, zone, everyone, nextPeriod] of [
    ['a window: with the month', terms(), terms({ resets: 'day' }), 'UTC', '2026-05-01T00:00:00+00:00', true],
    [
      'a zone: with the month of the one before',
      terms({}, {}, { time_zone: 'Asia/Shanghai' }),
      terms(),
      'Asia/Shanghai',
      '2026-05-01T00:00:00+08:00',
      true,
    ],
    [
      'a yearly charge: with the year',
      terms({}, { period: 'year' }),
      terms({}, { period: 'year', bill: 'arrears' }),
      'UTC',
      '2027-01-01T00:00:00+00:00',
      true,
    ],
    [
      'months to years: where both begin, for each subscription too',
      terms(),
      terms({}, { period: 'year' }),
      'UTC',
      '2027-01-01T00:00:00+00:00',
      false,
    ],
    [
      'weeks to months: a Monday the first',
      terms({}, { period: 'week' }),
      terms(),
      'UTC',
      '2026-06-01T00:00:00+00:00',
      false,
    ],
    [
      'a charge by own periods: with each',
      terms({}, own),
      terms({}, { ...own, bill: 'arrears' }),
      'UTC',
      undefined,
      true,
    ],
    ['calendar to own periods: nowhere', terms(), terms({}, own), 'UTC', undefined, false],
    [
      'own years to own months: nowhere',
      terms({}, { ...own, period: 'year' }),
      terms({}, own),
      'UTC',
      undefined,
      false,
    ],
  ] as const)
    it(what, () => {
      const all = termChanges(from, to);
      const effectiveFrom = at('2026-04-10T08:30:00Z');
      const may = (one: {
        effectiveFrom: bigint;
        appliesTo: 'everyone' | 'next_period' | 'new_subscriptions';
      }) => all.every((change) => mayChange(change, one, zone));
      const start = nextStart(all, effectiveFrom, zone);
      assert.equal(start && formatLocalInstant(start, zone), everyone);
      assert.equal(may({ effectiveFrom, appliesTo: 'everyone' }), false);
      assert.equal(may({ effectiveFrom, appliesTo: 'next_period' }), nextPeriod);
      assert.equal(may({ effectiveFrom, appliesTo: 'new_subscriptions' }), true);
      if (start === undefined) return;
      assert.equal(may({ effectiveFrom: start, appliesTo: 'everyone' }), true);
      assert.equal(may({ effectiveFrom: start - 1n, appliesTo: 'everyone' }), false);
      assert.equal(nextStart(all, start, zone), start);
    });
});
