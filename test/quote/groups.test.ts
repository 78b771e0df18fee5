import assert from 'node:assert/strict';
import { groupsOfUse } from '../../src/quote/groups.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { type Document, type Use, charge, inputOf, strategyFrom, when } from './priced.js';

const facts = {
  a: { type: 'decimal', default: 0 },
  team: { type: 'string', default: 'x' },
  zone: { type: 'string', optional: true },
  'account.tier': { type: 'string', optional: true },
};
const lookups = { area: { by: ['team'], type: 'string', rows: [['x', 'north']], otherwise: 'south' } };
const derive = { twice: { sum: ['a', 'a'] } };
const price = (...group_by: string[]): Document => ({
  model: 'per_unit',
  quantity: 'a',
  unit_price: 1,
  ...(group_by.length > 0 && { group_by }),
});
const AT = '2026-01-05T12:00:00Z';
const MONTH = 'month 1767225600000000000';

const groupsIn = (prices: Document, rules: readonly Document[], use: Use = {}): readonly string[] => {
  const strategy = strategyFrom({ facts, lookups, derive, prices, rules });
  const groups = groupsOfUse(strategy, inputOf({ facts: { occurred_at: AT, ...use } }));
  return groups.map(({ window, group }) => `${window} ${group}`);
};

describe('quote: the groups that a use may count in', () => {
  for (const [of, own, use, expected] of [
    ['a fact that is sent', price('team'), { team: 'a/b' }, [`${MONTH} /3:a/b`]],
    ['a default', price('team'), {}, [`${MONTH} /1:x`]],
    [
      'several facts, in the order of their names',
      price('team', 'account.tier'),
      { 'account.tier': 'gold' },
      [`${MONTH} /4:gold/1:x`],
    ],
    ['the clock', price('local_hour'), {}, [`${MONTH} /2:12`]],
    ['a lookup', price('area'), { team: 'y' }, [`${MONTH} /5:south`]],
    ['what is derived, as a number', price('twice'), { a: '1.50' }, [`${MONTH} /1:3`]],
    ['a fact that is not there', price('zone'), {}, [`${MONTH} /`]],
    ['no fact', price(), {}, []],
    ['what each use starts again', { ...price('team'), resets: 'each' }, {}, []],
    ['another window', { ...price('team'), resets: 'never' }, {}, ['only /1:x']],
    [
      'bounds, with their counters',
      { ...price('team'), free: { quantity: 1, per: 'day' }, maximum: { amount: 1, per: 'year' } },
      {},
      [`${MONTH} /1:x`],
    ],
  ] as const) {
    it(`goes by ${of}`, () => {
      assert.deepEqual(groupsIn({ p: own }, [charge('p')], use), expected);
    });
  }

  it('are also those whose running total a rule reads, and no others', () => {
    const prices = { p: price('team'), q: price('zone'), r: { ...price('area'), resets: 'day' } };
    const rules = [
      charge('p', 'p', when('used.q', 'greaterThan', 1)),
      { ...charge('r'), moment: 'purchase' },
    ];
    assert.deepEqual(groupsIn(prices, rules, { zone: 'z' }), [`${MONTH} /1:x`, `${MONTH} /1:z`]);
  });

  it('are of every piece that a use which lasts may have', () => {
    const strategy = strategyFrom({
      facts: { ...facts, minutes: { type: 'integer', lasts: 'minute' } },
      prices: { p: { ...price('team', 'local_hour'), resets: 'day' } },
      rules: [charge('p')],
    });
    const use = { occurred_at: '2026-01-05T22:30:00Z', minutes: 120 };
    const [day, next] = ['day 1767571200000000000', 'day 1767657600000000000'];
    assert.deepEqual(
      groupsOfUse(strategy, inputOf({ facts: use })).map(({ window, group }) => `${window} ${group}`),
      [`${day} /2:22/1:x`, `${day} /2:23/1:x`, `${next} /1:0/1:x`],
    );
  });

  it('never go by a running total', () => {
    const document = {
      ...{ strategy: 'test', currency: 'USD', time_zone: 'UTC', facts },
      derive: { band: { product: ['used.p', 2] } },
      lookups: { name: { by: ['band'], match: 'up_to', type: 'string', rows: [['', 'all']] } },
      prices: { p: price('team', 'name') },
      rules: [charge('p')],
    };
    const { faults } = readStrategy(readSource({ name: 'test.json', text: JSON.stringify(document) }), []);
    assert.deepEqual(
      faults.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      ['`name` follows `used.p`; a group must be known before anything is counted.'],
    );
  });
});
