import assert from 'node:assert/strict';
import { ONE, decimal, formatDecimal } from '../../src/money/decimal.js';
import { takeOver } from '../../src/quote/moves.js';
import { type RatedUse, rateUse } from '../../src/quote/quote.js';
import { type StoredCounter, byWindow, countedBy } from '../../src/quote/stored-totals.js';
import { type Totals, openTotals, restoreTotals, windowNames } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import { type Instant, parseInstant } from '../../src/time/instant.js';
import { type Document, type Use, charge, inputOf, strategyFrom, when } from './priced.js';

const instant = (text: string): Instant => {
  const read = parseInstant(text);
  assert.ok(read.ok);
  return read.value;
};
const price = (rest: Document): Document => ({ model: 'per_unit', quantity: 'a', unit_price: 1, ...rest });
const facts = {
  a: { type: 'decimal', default: 0 },
  team: { type: 'string', default: 'x' },
};
const at = '2026-01-05T12:00:00Z';
/** The period, with which all is billed. */
const MONTH = 'month 1767225600000000000';

describe('quote: names of windows', () => {
  const namesOf = (prices: Document, document: Document = {}, when = at) => {
    const rules = Object.keys(prices).map((name) => charge(name));
    return windowNames(strategyFrom({ facts, prices, rules, ...document }), instant(when));
  };
  for (const [of, prices, names] of [
    ['the period', { a: {}, b: {} }, [MONTH]],
    [
      'an hour and a day',
      { a: { resets: 'hour' }, b: { resets: 'day' } },
      [MONTH, 'hour 1767614400000000000', 'day 1767571200000000000'],
    ],
    ['what never starts again', { a: { resets: 'never' } }, [MONTH, 'only']],
    ['what starts again each time', { a: { resets: 'each' } }, [MONTH]],
    [
      'bounds of their own',
      { a: { resets: 'each', free: { quantity: 1, per: 'week' }, maximum: { amount: 1, per: 'year' } } },
      [MONTH, 'week 1767571200000000000', 'year 1767225600000000000'],
    ],
  ] as const) {
    it(`are those of ${of}`, () => {
      const all = Object.entries(prices).map(([name, rest]) => [name, price(rest)]);
      assert.deepEqual(namesOf(Object.fromEntries(all) as Document), names);
    });
  }

  it('start by the zone of the document', () => {
    assert.deepEqual(namesOf({ a: price({}) }, { time_zone: 'Asia/Shanghai' }, '2026-01-31T16:00:00Z'), [
      `month ${instant('2026-01-31T16:00:00Z')}`,
    ]);
  });
});

const tiers = [{ up_to: 10, unit_price: 1 }, { unit_price: 0.5 }];
const strategy = strategyFrom({
  facts,
  prices: {
    a: { model: 'graduated', quantity: 'a', tiers, group_by: ['team'] },
    b: price({ counter: 'shared', free: { quantity: 4, per: 'day' }, maximum: 3 }),
    each: price({ resets: 'each' }),
    seen: price({}),
  },
  rules: [
    charge('a', 'a', when('team', 'notEqual', 'b')),
    charge('b', 'b', when('team', 'equal', 'b')),
    charge('each'),
    charge('seen', 'seen', when('used.b', 'greaterThan', 4)),
  ],
});
const { match } = compiledEngine(strategy);
const rated = (totals: Totals, use: Use): RatedUse =>
  answerNow(match, rateUse(strategy, inputOf({ facts: { occurred_at: at, ...use } }), { index: 0, totals }));
const shown = (counters: readonly StoredCounter[]) =>
  counters.map(
    ({ window, key, quantity, events }) =>
      `${window.split(' ')[0]} ${key}: ${formatDecimal(quantity)} in ${formatDecimal(events)}`,
  );
const nothing = () => restoreTotals(strategy, new Map());

describe('quote: what a rated use leaves to be stored', () => {
  it('is where it moved its counters, but for those that each use starts again', () => {
    assert.deepEqual(shown(countedBy(rated(nothing(), { a: 8 }).moves)), ['month a/1:x: 8 in 1']);
  });

  it('is also where it moved those of its bounds', () => {
    assert.deepEqual(shown(countedBy(rated(nothing(), { a: 5, team: 'b' }).moves)), [
      'month shared: 5 in 1',
      'day day b.free: 4 in 0',
      'month b.freed: 4 in 0',
      'month b.charged: 1 in 0',
    ]);
  });

  it('is what the next use reads, the counters behind facts among it', () => {
    const first = rated(nothing(), { a: 5, team: 'b' });
    assert.deepEqual(first.before, []);
    const next = rated(restoreTotals(strategy, byWindow(countedBy(first.moves))), { a: 2 });
    assert.equal(formatDecimal(next.evaluation.amount), '6');
    assert.deepEqual(shown(next.before), ['month shared: 5 in 1']);
  });

  it('counts only once it is taken over', () => {
    const totals = nothing();
    const { moves } = rated(totals, { a: 8 });
    assert.deepEqual(rated(totals, { a: 8 }).before, []);
    takeOver(moves);
    assert.deepEqual(shown(rated(totals, { a: 8 }).before), ['month a/1:x: 8 in 1']);
  });

  it('tells groups and windows apart', () => {
    const totals = nothing();
    takeOver(rated(totals, { a: 8 }).moves);
    const others: readonly Use[] = [{ team: 'y' }, { occurred_at: '2026-02-01T00:00:00Z' }];
    for (const other of others) assert.deepEqual(rated(totals, { a: 8, ...other }).before, []);
  });

  it('leaves the stored totals as they were', () => {
    const stored = byWindow([
      { window: 'month 1767225600000000000', key: 'a/1:x', quantity: decimal(8), events: ONE },
    ]);
    const totals = restoreTotals(strategy, stored);
    const { moves } = rated(totals, { a: 1 });
    takeOver(moves);
    assert.deepEqual(shown(rated(totals, { a: 1 }).before), ['month a/1:x: 9 in 2']);
    assert.deepEqual(shown(rated(restoreTotals(strategy, stored), { a: 1 }).before), ['month a/1:x: 8 in 1']);
  });

  it('is read from totals that a caller gave, as from those that were counted', () => {
    const asked = inputOf({ facts: { a: 1, occurred_at: at }, used: { a: 12 } });
    const use = { index: 0, totals: openTotals(strategy, asked) };
    const { before } = answerNow(match, rateUse(strategy, asked, use));
    assert.deepEqual(shown(before), ['month a/1:x: 12 in 0']);
  });
});
