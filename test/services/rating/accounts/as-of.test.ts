import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GivenFact } from '../../../../src/quote/input.js';
import type {
  Account,
  AttributeChange,
  Subscription,
} from '../../../../src/services/rating/accounts/account.js';
import { factsOf } from '../../../../src/services/rating/accounts/as-of.js';
import { at } from '../../catalog/catalog.js';

const string = (text: string): GivenFact => ({ kind: 'text', type: 'string', text });
const change = (from: bigint | undefined, tier: string | null): AttributeChange => ({
  from,
  values: { tier: tier === null ? null : string(tier) },
});

const account: Account = {
  ...{ id: 'acme', currency: 'EUR', country: '', timeZone: 'Asia/Tokyo' },
  ...{ openedAt: undefined, closedAt: undefined, attributes: [], createdAt: 0n, coupons: [] },
};
const subscription: Subscription = {
  ...{ account: 'acme', id: 'main', strategy: 'llm', startsAt: undefined, endsAt: undefined },
  ...{
    prepaid: false,
    billingAnchor: undefined,
    trialEndsAt: undefined,
    pins: [],
    keepsCharged: false,
    revision: undefined,
    attributes: [],
    createdAt: 0n,
  },
};

type Given = { readonly account?: Partial<Account>; readonly subscription?: Partial<Subscription> };

/** The texts of the facts that have one of these names. */
function facts(names: readonly string[], given: Given, when = at('2026-03-01T00:00:00Z'), zone = 'UTC') {
  const customer = [
    { ...account, ...given.account },
    { ...subscription, ...given.subscription },
  ] as const;
  const found = factsOf(...customer, { at: when, zone }, (name) => names.includes(name));
  return Object.fromEntries(
    [...found].map(([name, fact]) => [
      name,
      fact.kind === 'text' ? fact.text : fact.kind === 'list' ? fact.texts.join() : fact.kind,
    ]),
  );
}

describe('services/rating/accounts: facts as of an instant', () => {
  for (const [what, changes, when, tier] of [
    ['none', [], 0n, undefined],
    ['since ever', [change(undefined, 'iron')], -(10n ** 18n), 'iron'],
    ['a nanosecond before', [change(100n, 'gold')], 99n, undefined],
    ['at its instant', [change(100n, 'gold')], 100n, 'gold'],
    ['long after', [change(100n, 'gold')], 10n ** 18n, 'gold'],
    ['before the second', [change(undefined, 'iron'), change(100n, 'gold')], 99n, 'iron'],
    ['at the second', [change(undefined, 'iron'), change(100n, 'gold')], 100n, 'gold'],
    ['made later for an earlier instant', [change(100n, 'gold'), change(50n, 'iron')], 100n, 'gold'],
    ['made later for an earlier instant, then', [change(100n, 'gold'), change(50n, 'iron')], 99n, 'iron'],
    ['made later since ever', [change(100n, 'gold'), change(undefined, 'iron')], 100n, 'gold'],
    ['two from one instant', [change(100n, 'iron'), change(100n, 'gold')], 100n, 'gold'],
    ['two since ever', [change(undefined, 'iron'), change(undefined, 'gold')], 0n, 'gold'],
    ['taken away', [change(undefined, 'iron'), change(100n, null)], 100n, undefined],
    ['before it is taken away', [change(undefined, 'iron'), change(100n, null)], 99n, 'iron'],
    ['taken away and set again', [change(undefined, null), change(100n, 'gold')], 100n, 'gold'],
    ['before 1970', [change(-5n, 'iron'), change(-3n, 'gold')], -4n, 'iron'],
  ] as const) {
    it(`attributes: ${what}`, () => {
      const expected = (name: string) => (tier === undefined ? {} : { [name]: tier });
      const attributes = changes;
      assert.deepEqual(facts(['account.tier'], { account: { attributes } }, when), expected('account.tier'));
      assert.deepEqual(
        facts(['subscription.tier'], { subscription: { attributes } }, when),
        expected('subscription.tier'),
      );
    });
  }

  it('a change sets its own names only', () => {
    const attributes: AttributeChange[] = [
      { from: undefined, values: { a: string('1'), b: string('1') } },
      { from: 5n, values: { b: string('2'), c: string('2') } },
    ];
    assert.deepEqual(facts(['account.a', 'account.b', 'account.c'], { account: { attributes } }, 5n), {
      'account.a': '1',
      'account.b': '2',
      'account.c': '2',
    });
  });

  it('account and subscription do not mix, and every kind of fact is handed on as it is', () => {
    const values = {
      n: { kind: 'list', texts: ['x'] },
      at: { kind: 'instant', at: 7n },
      any: { kind: 'text', text: '1' },
    } as const;
    const found = factsOf(
      account,
      { ...subscription, attributes: [{ from: undefined, values }] },
      { at: 0n, zone: 'UTC' },
      (name) => /\.(n|at|any)$/.test(name),
    );
    assert.deepEqual(Object.fromEntries(found), {
      'subscription.n': values.n,
      'subscription.at': values.at,
      'subscription.any': values.any,
    });
  });

  it('is the value of the latest change that has begun, by a slow search', () => {
    const changes = fc.array(
      fc.record({
        from: fc.option(fc.bigInt(0n, 5n), { nil: undefined }),
        tier: fc.option(fc.string(), { nil: null }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(changes, fc.bigInt(-1n, 6n), (made, when) => {
        let latest: (typeof made)[number] | undefined;
        for (const one of made) {
          if (one.from !== undefined && one.from > when) continue;
          if (latest === undefined || (one.from ?? -1n) >= (latest.from ?? -1n)) latest = one;
        }
        const attributes = made.map(({ from, tier }) => change(from, tier));
        const expected = latest?.tier == null ? {} : { 'account.tier': latest.tier };
        assert.deepEqual(facts(['account.tier'], { account: { attributes } }, when), expected);
      }),
    );
  });

  const fields = ['account.id', 'account.currency', 'account.country', 'account.time_zone'];
  for (const [what, given, expected] of [
    [
      'the fields',
      { country: 'DE' },
      {
        'account.id': 'acme',
        'account.currency': 'EUR',
        'account.country': 'DE',
        'account.time_zone': 'Asia/Tokyo',
      },
    ],
    [
      'no country',
      {},
      { 'account.id': 'acme', 'account.currency': 'EUR', 'account.time_zone': 'Asia/Tokyo' },
    ],
  ] as const) {
    it(`fields: ${what}`, () => {
      assert.deepEqual(facts(fields, { account: given }), expected);
    });
  }

  for (const [when, country] of [
    [99n, 'DE'],
    [100n, 'FR'],
    [200n, undefined],
  ] as const) {
    it(`fields: an account that moved, at ${when}`, () => {
      const attributes = [
        { from: 100n, values: { country: string('FR') } },
        { from: 200n, values: { country: null } },
      ];
      const found = facts(['account.country'], { account: { country: 'DE', attributes } }, when);
      assert.deepEqual(found, country === undefined ? {} : { 'account.country': country });
    });
  }

  const ages = ['account_age_days', 'account_age_months', 'subscription_age_months'];
  for (const [since, when, zone, days, months] of [
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z', 'UTC', '0', '0'],
    ['2026-01-31T12:00:00Z', '2026-01-31T23:59:59Z', 'UTC', '0', '0'],
    ['2026-01-31T12:00:00Z', '2026-02-01T00:00:00Z', 'UTC', '1', '0'],
    ['2026-01-31T12:00:00Z', '2026-02-27T23:59:59Z', 'UTC', '27', '0'],
    ['2026-01-31T12:00:00Z', '2026-02-28T00:00:00Z', 'UTC', '28', '1'],
    ['2026-01-31T12:00:00Z', '2026-02-27T15:00:00Z', 'Asia/Tokyo', '28', '1'],
    ['2026-01-31T12:00:00Z', '2026-02-27T14:59:59Z', 'Asia/Tokyo', '27', '0'],
    ['2026-01-31T12:00:00Z', '2026-01-01T00:00:00Z', 'UTC', '0', '0'],
  ] as const) {
    it(`ages: since ${since} at ${when} in ${zone}: ${days} days, ${months} months`, () => {
      const start = at(since);
      assert.deepEqual(facts(ages, { account: { openedAt: start } }, at(when), zone), {
        account_age_days: days,
        account_age_months: months,
      });
      assert.deepEqual(facts(ages, { subscription: { startsAt: start } }, at(when), zone), {
        subscription_age_months: months,
      });
    });
  }

  it('ages are integers, and the account’s own zone is not theirs', () => {
    const found = factsOf(
      { ...account, openedAt: 0n },
      subscription,
      { at: 0n, zone: 'UTC' },
      (name) => name === 'account_age_days',
    );
    assert.deepEqual([...found], [['account_age_days', { kind: 'text', type: 'integer', text: '0' }]]);
    const early = { account: { openedAt: at('2026-01-01T14:00:00Z') } };
    assert.deepEqual(facts(['account_age_days'], early, at('2026-01-01T16:00:00Z'), 'UTC'), {
      account_age_days: '0',
    });
  });

  it('no start, no age', () => {
    assert.deepEqual(facts(ages, {}), {});
  });

  it('nothing that the strategy does not know', () => {
    const attributes = [change(undefined, 'gold')];
    assert.deepEqual(
      facts([], {
        account: { country: 'DE', openedAt: 0n, attributes },
        subscription: { startsAt: 0n, attributes },
      }),
      {},
    );
  });
});
