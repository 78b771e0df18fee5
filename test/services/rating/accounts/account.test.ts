import assert from 'node:assert/strict';
import { type JsonValue, fromJson, toJson } from '@bufbuild/protobuf';
import { AttributeChangeSchema } from '../../../../src/gen/ratebook/v1/account_pb.js';
import { fromTimestamp, toTimestamp } from '../../../../src/platform/grpc/timestamp.js';
import { testMongo } from '../../../mongo.js';
import { refusal, seconds, timestamp } from '../../catalog/catalog.js';
import { type Accounts, create, openAccounts, string } from './accounts.js';

describe('services/rating/accounts: an account', () => {
  let accounts: Accounts;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    accounts = await openAccounts();
  });
  afterEach(() => accounts.close());

  const get = async (id = 'acme') => (await accounts.client.getAccount({ name: `accounts/${id}` })).account!;
  const close = async (more: object = {}) =>
    (await accounts.client.closeAccount({ name: 'accounts/acme', ...more })).account!;
  const set = async (more: object = {}) => {
    const change = { values: { tier: string('gold') } };
    const request = { name: 'accounts/acme', change, ...more };
    return (await accounts.client.setAccountAttributes(request)).account!;
  };

  it('is stored as it was sent, and got as it is stored', async () => {
    const openedAt = { seconds: -1_000_000_000n, nanos: 123_456_789 };
    const created = await create(accounts.client, 'A.c-m_e9', {
      currency: 'JPY',
      country: 'JP',
      timeZone: 'Asia/Tokyo',
      openedAt,
    });
    assert.equal(created.name, 'accounts/A.c-m_e9');
    assert.equal(created.currency, 'JPY');
    assert.equal(created.country, 'JP');
    assert.equal(created.timeZone, 'Asia/Tokyo');
    assert.equal(fromTimestamp(created.openedAt!), -999_999_999_876_543_211n);
    assert.equal(created.closedAt, undefined);
    assert.equal(fromTimestamp(created.createdAt!), accounts.clock.now());
    assert.deepEqual(await get('A.c-m_e9'), created);
  });

  it('is in UTC and open since ever unless said otherwise; closed_at and created_at are not read', async () => {
    const at = timestamp('2020-01-01T00:00:00Z');
    const { timeZone, country, openedAt, closedAt, createdAt } = await create(accounts.client, 'acme', {
      closedAt: at,
      createdAt: at,
    });
    assert.deepEqual(
      { timeZone, country, openedAt, closedAt },
      { timeZone: 'UTC', country: '', openedAt: undefined, closedAt: undefined },
    );
    assert.equal(fromTimestamp(createdAt!), accounts.clock.now());
  });

  it('its attributes come back as they were sent', async () => {
    const values = {
      a_string: { stringValue: '' },
      a_boolean: { booleanValue: false },
      an_integer: { integerValue: '-9007199254740993' },
      a_decimal: { decimalValue: '1.50' },
      an_instant: { instantValue: '1969-12-31T23:59:59.999999999Z' },
      a_date: { dateValue: '2024-02-29' },
      a_time: { timeValue: '09:30' },
      a_list: { listValue: { values: ['b', '', 'a'] } },
      a_text: { textValue: '007' },
      gone: {},
    };
    const sent: JsonValue[] = [
      { from: '2023-11-14T22:13:20.000000001Z', values },
      { values: { tier: { stringValue: 'iron' } } },
    ];
    const attributes = sent.map((change) => fromJson(AttributeChangeSchema, change));
    const created = await create(accounts.client, 'acme', { attributes });
    assert.deepEqual(
      created.attributes.map((change) => toJson(AttributeChangeSchema, change)),
      sent,
    );
    assert.deepEqual(await get(), created);
  });

  it('a change stands after those made before, whatever its instant', async () => {
    await create(accounts.client, 'acme', {
      attributes: [{ from: timestamp('2026-01-01T00:00:00Z'), values: { tier: string('iron') } }],
    });
    const { attributes } = await set();
    assert.deepEqual(
      attributes.map(({ values }) => values['tier']?.kind.value),
      ['iron', 'gold'],
    );
    assert.deepEqual((await get()).attributes, attributes);
  });

  it('refuses changes that nobody could read fast', async () => {
    await create(accounts.client, 'acme');
    const values = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`n${i}`, string('x'.repeat(1_000))]),
    );
    await set({ change: { values } });
    await assert.rejects(
      set({ change: { values } }),
      refusal('TOO_LARGE', /accounts\/acme have 2\d{5} characters/),
    );
    await assert.rejects(
      create(accounts.client, 'b', { attributes: [{ values }, { values }] }),
      refusal('TOO_LARGE'),
    );
    assert.equal((await get()).attributes.length, 1);
  });

  it('closes now unless told when; again it stays closed since then', async () => {
    await create(accounts.client, 'acme');
    const closed = await close();
    assert.equal(fromTimestamp(closed.closedAt!), accounts.clock.now());
    accounts.clock.time += seconds(60);
    assert.deepEqual(await close(), closed);
    assert.deepEqual(await close({ closedAt: closed.closedAt }), closed);
    assert.deepEqual(await get(), closed);
  });

  it('a closing to come is moved by another, also to now', async () => {
    await create(accounts.client, 'acme');
    await close({ closedAt: timestamp('2027-01-01T00:00:00Z') });
    const later = timestamp('2028-01-01T00:00:00Z');
    assert.deepEqual((await close({ closedAt: later })).closedAt, later);
    assert.equal(fromTimestamp((await close()).closedAt!), accounts.clock.now());
  });

  it('closes after it opened, if by a nanosecond', async () => {
    const openedAt = timestamp('2026-02-01T00:00:00Z');
    await create(accounts.client, 'acme', { openedAt });
    await assert.rejects(
      close({ closedAt: openedAt }),
      refusal('INVALID_REQUEST', /closed_at: 2026-02-01T00:00:00Z is not after/),
    );
    assert.ok((await close({ closedAt: toTimestamp(fromTimestamp(openedAt) + 1n) })).closedAt);
  });

  it('that is to open later cannot close now', async () => {
    await create(accounts.client, 'acme', { openedAt: timestamp('2026-04-01T00:00:00Z') });
    await assert.rejects(
      close(),
      refusal('INVALID_REQUEST', /closed_at: 2026-03-01T00:00:00Z is not after the start/),
    );
  });

  for (const [what, change] of [
    [
      'created',
      (requestId: string, currency: string) => create(accounts.client, 'new', { requestId, currency }),
    ],
    [
      'set',
      (requestId: string, tier: string) => set({ requestId, change: { values: { tier: string(tier) } } }),
    ],
    [
      'closed',
      (requestId: string, year: string) =>
        close({ requestId, closedAt: timestamp(`${2000 + year.charCodeAt(0)}-01-01T00:00:00Z`) }),
    ],
  ] as const) {
    it(`${what} once for a request id: a repeat gets the answer, another body is refused`, async () => {
      await create(accounts.client, 'acme');
      const first = await change('r-1', 'USD');
      await set();
      accounts.clock.time += seconds(60);
      assert.deepEqual(await change('r-1', 'USD'), first);
      await assert.rejects(change('r-1', 'EUR'), refusal('REQUEST_ID_REUSED', /"r-1"/));
    });
  }

  it('a repeat with its attributes in another order is the same request', async () => {
    await create(accounts.client, 'acme');
    const [one, two] = [
      ['a', string('1')],
      ['b', string('2')],
    ] as const;
    const first = await set({ requestId: 'r', change: { values: Object.fromEntries([one, two]) } });
    assert.deepEqual(
      await set({ requestId: 'r', change: { values: Object.fromEntries([two, one]) } }),
      first,
    );
    assert.equal((await get()).attributes.length, 1);
  });

  it('one request id of two callers is two requests, of two methods a reuse', async () => {
    await create(accounts.client, 'acme', { requestId: 'r' });
    await assert.rejects(create(accounts.as('other'), 'acme', { requestId: 'r' }), refusal('ACCOUNT_EXISTS'));
    await assert.rejects(close({ requestId: 'r' }), refusal('REQUEST_ID_REUSED'));
  });

  it('of many created at once with one id, one is', async () => {
    const currencies = ['EUR', 'USD', 'JPY', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK'];
    const all = await Promise.allSettled(
      currencies.map((currency) => create(accounts.client, 'acme', { currency })),
    );
    const created = all.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
    const refused = all.filter((one) => one.status === 'rejected');
    assert.equal(created.length, 1);
    for (const { reason } of refused) assert.ok(refusal('ACCOUNT_EXISTS', /"acme" already/)(reason as never));
    assert.deepEqual(await get(), created[0]);
  });

  it('sent many times at once with one request id, all get one answer', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => create(accounts.client, 'acme', { requestId: 'r' })),
    );
    for (const answer of all) assert.deepEqual(answer, all[0]);
  });

  it('no change of many at once is lost', async () => {
    await create(accounts.client, 'acme');
    const tiers = Array.from({ length: 8 }, (_, i) => `t${i}`);
    await Promise.all(tiers.map((tier) => set({ change: { values: { tier: string(tier) } } })));
    const kept = (await get()).attributes.map(({ values }) => values['tier']?.kind.value);
    assert.deepEqual(kept.toSorted(), tiers);
  });
});
